"""Who is asked by a message."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from tests.support.asking import asked, post, routed

from bullpen.chat.mentions import GROUPS
from bullpen.chat.send import POST, NewMessage, columns

TABLE = json.loads((Path(__file__).parents[1] / "cases/mentions.json").read_text())


def members(run_sql, channel_id: str) -> list[str]:
    sql = "SELECT user_id FROM channel_members WHERE channel_id = $1 ORDER BY user_id"
    return [row[0] for row in run_sql(sql, channel_id)]


def test_a_message_in_a_channel_asks_all_in_it_but_its_author(run_sql):
    message_id = (
        post(run_sql, "pam", "accounting", "Whose lunch is this?")
        if ("pam" in members(run_sql, "accounting"))
        else post(run_sql, "oscar", "accounting", "Whose lunch is this?")
    )
    author = run_sql("SELECT user_id FROM messages WHERE id = $1", message_id)[0][0]
    assert asked(run_sql, message_id) == [
        user for user in members(run_sql, "accounting") if user != author
    ]


def test_a_dm_asks_the_other_first_of_all(run_sql):
    message_id = post(run_sql, "michael", "dm-michael-toby", "No.")
    assert asked(run_sql, message_id) == ["toby"]
    assert run_sql("SELECT priority FROM mailbox WHERE agent_id = 'toby'")[0][0] == 0


def test_a_reply_asks_who_took_part_in_the_thread(run_sql):
    root = post(run_sql, "jim", "general", "Root")
    post(run_sql, "dwight", "general", "False.", root)
    message_id = post(run_sql, "pam", "general", "Hm.", root)
    assert asked(run_sql, message_id) == ["dwight", "jim"]
    thread = "SELECT count(*) FROM mailbox WHERE thread_id = $1"
    assert run_sql(thread, root)[0][0] == 2


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("@kevin, chili?", ["kevin"]),
        ("Ask @Kevin Malone.", ["kevin"]),
        ("(@Kevin and @oscar)", ["kevin", "oscar"]),
        ("kevin@oscar.example is an address", []),
        ("@nobody", []),
    ],
)
def test_a_mention_in_a_thread_asks_the_mentioned(run_sql, text: str, who: list[str]):
    root = post(run_sql, "jim", "general", "Root")
    assert asked(run_sql, post(run_sql, "jim", "general", text, root)) == who


def test_posting_a_text_asks_whom_the_table_of_mentions_says(run_sql):
    run_sql("UPDATE agents SET is_active = false, display_name = id || ' was here'")
    for person in TABLE["people"]:
        run_sql(
            "INSERT INTO agents (id, display_name, title, avatar_color, system_prompt)"
            " VALUES ($1, $2, 'Case', '#445566', 'Answer.') ON CONFLICT (id)"
            " DO UPDATE SET display_name = EXCLUDED.display_name, is_active = true",
            person["id"],
            person["name"],
        )
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('cases', 'cases', 'public')")
    run_sql(
        "INSERT INTO agents (id, display_name, title, avatar_color, system_prompt)"
        " VALUES ('the-writer', 'Writer', 'Case', '#445566', 'Write.')"
    )
    run_sql("INSERT INTO channel_members (channel_id, user_id) SELECT 'cases', id FROM agents")
    for group in TABLE["groups"]:
        run_sql("INSERT INTO user_groups VALUES ($1, $2, '')", group["id"][1:], group["handle"])
        run_sql(
            "INSERT INTO user_group_members SELECT $1, unnest($2::text[])",
            group["id"][1:],
            group["members"],
        )
    members_of = {group["id"]: group["members"] for group in TABLE["groups"]}
    root = post(run_sql, "the-writer", "cases", "Root")
    wrong = {}
    for case in TABLE["cases"]:
        who = asked(run_sql, post(run_sql, "the-writer", "cases", case["text"], root))
        named = {name for name, _ in case["found"] if name not in GROUPS}
        users = {user for name in named for user in members_of.get(name, [name])}
        if who != sorted(users):
            wrong[case["text"]] = who
    assert wrong == {}


def test_who_is_not_in_a_public_channel_is_not_asked_by_a_mention(run_sql):
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('men', 'men', 'public')")
    run_sql("INSERT INTO channel_members (channel_id, user_id) VALUES ('men', 'michael')")
    assert asked(run_sql, post(run_sql, "michael", "men", "@pam could you look at this?")) == []
    run_sql("INSERT INTO channel_members (channel_id, user_id) VALUES ('men', 'pam')")
    assert asked(run_sql, post(run_sql, "michael", "men", "@pam could you now?")) == ["pam"]


def test_who_leaves_or_ends_between_the_decision_and_the_write_is_not_asked(run_sql):
    draft = NewMessage(uuid4(), "general", None, "jim", "Hello")
    asks = routed(run_sql, [draft]).asks
    run_sql("DELETE FROM channel_members WHERE channel_id = 'general' AND user_id = 'pam'")
    run_sql("UPDATE agents SET is_active = false WHERE id = 'kevin'")
    decided = {ask.agent_id for ask in asks}
    run_sql(POST, *columns([draft], asks))
    assert decided - set(asked(run_sql, draft.id)) == {"pam", "kevin"}


def test_of_very_many_mentions_the_first_fifty_different_ones_count(run_sql):
    root = post(run_sql, "jim", "general", "Root")
    many = " ".join(f"@nobody{number}," for number in range(49))
    text = f"{many} {many} @Kevin, @kevin, @stanley" + " @pam," * 1000
    assert asked(run_sql, post(run_sql, "jim", "general", text, root)) == ["kevin"]


def test_whoever_cannot_read_a_channel_is_not_asked_by_a_mention(run_sql):
    message_id = post(run_sql, "michael", "management", "Nobody tells @kevin.")
    assert "kevin" not in asked(run_sql, message_id)


@pytest.mark.parametrize(
    ("policy", "plain", "named"),
    [("all", True, True), ("mentions", False, True), ("none", False, False)],
)
def test_a_policy_says_what_an_agent_answers(run_sql, policy: str, plain: bool, named: bool):
    run_sql("INSERT INTO channel_policies VALUES ('general', 'kevin', $1)", policy)
    assert ("kevin" in asked(run_sql, post(run_sql, "jim", "general", "Hello"))) is plain
    run_sql("UPDATE runs SET status = 'cancelled' WHERE status = 'created'")
    assert ("kevin" in asked(run_sql, post(run_sql, "jim", "general", "@kevin"))) is named


def test_a_run_that_waits_answers_what_comes_meanwhile_too(run_sql):
    first = post(run_sql, "jim", "general", "One")
    second = post(run_sql, "pam", "general", "Two")
    runs = "SELECT run_id FROM run_triggers WHERE message_id = $1"
    of_first = {row[0] for row in run_sql(runs, first)}
    shared = of_first & {row[0] for row in run_sql(runs, second)}
    # All but the two who wrote: each of them is asked by the other's message alone.
    assert len(of_first) == len(shared) + 1
    assert run_sql("SELECT count(*) FROM mailbox WHERE agent_id = 'kevin'")[0][0] == 1


def test_nobody_is_asked_by_what_is_seeded_or_posted_without_agents(run_sql):
    assert run_sql("SELECT count(*) FROM mailbox")[0][0] == 0
    run_sql("INSERT INTO messages (channel_id, user_id, text) VALUES ('general', 'jim', 'Bulk')")
    assert run_sql("SELECT count(*) FROM mailbox")[0][0] == 0


def test_somebody_inactive_is_not_asked(run_sql):
    run_sql("UPDATE agents SET is_active = false WHERE id = 'toby'")
    assert asked(run_sql, post(run_sql, "michael", "dm-michael-toby", "Gone?")) == []


def test_a_run_that_is_created_is_told_to_the_channels_readers(run_sql):
    message_id = post(run_sql, "michael", "dm-michael-toby", "No.")
    [(channel_id, trigger)] = run_sql(
        "SELECT channel_id, payload -> 'run' ->> 'triggerMessageId' FROM events"
        " WHERE kind = 'run.created'"
    )
    assert (channel_id, trigger) == ("dm-michael-toby", str(message_id))
