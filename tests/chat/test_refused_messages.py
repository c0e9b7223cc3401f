"""Why `post_messages` refuses a message: it says so itself, one row for each message."""

import re
from uuid import uuid4

import pytest

from bullpen.chat.send import POST, REFUSALS, REPEATED, NewMessage, columns
from bullpen.migrations import functions

READS_SETTINGS = {
    # Triggers take no arguments, and these keep who wrote a version of what an agent knows,
    "keep_memory_block_version",
    "keep_private_note_version",
    # or refuse what a tool forgot to ask about, and what is not the trimming of old versions.
    "check_run_audience",
    # or link what a tool makes to its call,
    "note_run_effect",
    # or name who stands for a person that is erased,
    "hand_over_connections",
    "refuse_version_change",
    # or split the words of a message that post_messages has not split already.
    "keep_message_words",
    # or leave alone what is restored as it was.
    "keep_reacted_message",
}


def draft(user="jim", channel="general", parent=None, message_id=None):
    return NewMessage(message_id or uuid4(), channel, parent, user, "Hello")


def test_each_message_of_a_batch_has_its_own_answer(run_sql):
    root, reply = draft(), uuid4()
    for one in (root, draft(parent=root.id, message_id=reply)):
        run_sql(POST, *columns([one], []))
    run_sql("UPDATE agents SET is_active = false WHERE id = 'kevin'")
    twice = draft()
    asked = [
        (None, draft()),
        ("repeated", root),
        ("taken", root._replace(user_id="pam")),
        ("taken", root._replace(channel_id="dm-jim-pam")),
        ("taken", root._replace(parent_message_id=root.id)),
        ("inactive", draft("kevin")),
        ("inactive", draft("nobody")),
        ("no_channel", draft(channel="nowhere")),
        # A channel that the author may not see is as one that does not exist.
        ("no_channel", draft("creed", "accounting")),
        ("not_a_member", draft("creed", "sales")),
        ("no_parent", draft(parent=uuid4())),
        ("no_parent", draft("jim", "dm-jim-pam", root.id)),
        ("nested", draft(parent=reply)),
        (None, draft(parent=root.id)),
        (None, twice),
        ("repeated", twice),
        ("taken", twice._replace(channel_id="dm-jim-pam")),
    ]
    before = run_sql("SELECT count(*) FROM messages")[0][0]
    rows = run_sql(POST, *columns([one for _, one in asked], []))
    assert [row["refusal"] for row in rows] == [reason for reason, _ in asked]
    assert [row["written_at"] is not None for row in rows] == [
        reason is None for reason, _ in asked
    ]
    assert run_sql("SELECT count(*) FROM messages")[0][0] == before + 3


def test_a_batch_of_which_nothing_is_written_appends_no_event(run_sql):
    before = run_sql("SELECT max(id) FROM events")
    rows = run_sql(POST, *columns([draft(channel="nowhere"), draft("creed", "sales")], []))
    assert [row["refusal"] for row in rows] == ["no_channel", "not_a_member"]
    assert run_sql("SELECT max(id) FROM events") == before


def test_there_are_words_for_every_reason():
    """`known` is only a step: what comes of it is `repeated` or `taken`."""
    reasons = re.findall(r"(?:THEN|ELSE) '(\w+)'", functions.files()["post_messages"])
    assert set(reasons) - {"known"} == {*REFUSALS, REPEATED}


@pytest.mark.parametrize("name", sorted(functions.files()))
def test_only_triggers_read_settings_of_the_session(name):
    reads = "current_setting('bullpen." in functions.files()[name]
    assert reads == (name in READS_SETTINGS)
    assert not reads or "RETURNS trigger" in functions.files()[name]
