"""Tools act as their agent: on what it may reach, and on nothing else."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.support.fixtures import complete
from tests.support.tape import HOSTILE, NOW, Tape, one_turn, opened, say

from bullpen.agents.prompt.conversation import Location
from bullpen.agents.runtimes.base import Usage


@pytest.fixture
def act(url):
    """Calls tools one after the other as one agent in one place; answers what they said."""

    def run(agent_id, place, *calls):
        async def work():
            async with opened(url) as database, one_turn(database, agent_id, place) as tape:
                for name, arguments in calls:
                    await tape.call(name, arguments, "1")
                return tape

        return complete(work())

    return run


def messages(run_sql, channel_id):
    return run_sql(
        "SELECT id, user_id, text, parent_message_id FROM messages WHERE channel_id = $1"
        " ORDER BY created_at DESC, id DESC",
        channel_id,
    )


def test_a_message_goes_where_the_agent_was_asked(act, run_sql):
    tape = act("kevin", Location("general"), ("send_message", {"text": "Is there food"}))
    newest = messages(run_sql, "general")[0]
    assert (newest["user_id"], newest["text"]) == ("kevin", "Is there food")
    assert str(newest["id"]) in tape.returns[0]


def test_in_a_thread_it_goes_into_the_thread_unless_a_channel_is_named(act, run_sql, url):
    root = run_sql("SELECT id FROM messages WHERE channel_id = 'general' LIMIT 1")[0][0]
    root = run_sql("SELECT COALESCE(parent_message_id, id) FROM messages WHERE id = $1", root)[0][0]
    place = Location("general", root)
    act(
        "kevin",
        place,
        ("send_message", {"text": "Here"}),
        ("send_message", {"text": "There", "channel": "#random"}),
        ("send_message", {"text": "Above", "channel": "general"}),
    )
    written = {row["text"]: row["parent_message_id"] for row in messages(run_sql, "general")}
    assert written["Here"] == root
    assert written["Above"] is None
    assert messages(run_sql, "random")[0]["text"] == "There"


def test_a_call_that_is_made_again_after_a_crash_says_nothing_twice(url, run_sql):
    async def work():
        async with opened(url) as database:
            tape = Tape(database, "kevin", Location("general"))
            for attempt in (1, 2):
                await tape.begin(attempt)
                await tape.turn_started("scripted", {})
                await tape.call("send_message", {"text": "Once"}, "1")
            return tape

    tape = complete(work())
    assert tape.returns[0] == tape.returns[1]
    assert [row["text"] for row in messages(run_sql, "general")].count("Once") == 1


@pytest.mark.parametrize("again", [{"text": "OK"}, '{"text": "OK"}', {"text": "OK", "to": None}])
def test_a_second_equal_call_that_has_an_effect_is_refused(act, run_sql, again):
    tape = act(
        "kevin", Location("general"), ("send_message", {"text": "OK"}), ("send_message", again)
    )
    assert "carried out" in tape.returns[1]
    assert [row["text"] for row in messages(run_sql, "general")].count("OK") == 1


def test_a_call_that_failed_or_only_reads_may_be_made_again_once(act):
    lost = ("send_message", {"text": "x", "channel": "nowhere"})
    found = ("search_memory", {"query": "chili"})
    tape = act("kevin", Location("general"), lost, lost, found, found, found)
    assert tape.returns[:2] == ["Error: Channel not found."] * 2
    assert tape.returns[2] == tape.returns[3] == "Nothing was found."
    assert "2 times already" in tape.returns[4]


def test_after_a_crash_it_still_knows_what_it_has_done(url, run_sql):
    async def work():
        async with opened(url) as database:
            tape = Tape(database, "kevin", Location("general"))
            await tape.begin()
            await tape.turn_started("scripted", {})
            await tape.call("send_message", {"text": "Once"}, "1")
            await tape.turn_ended(Usage(), 0.0, b"history")
            await tape.begin(attempt=2)
            await tape.turn_started("scripted", {})
            await tape.call("send_message", '{"text":  "Once"}', "1")
            return tape

    tape = complete(work())
    assert "carried out" in tape.returns[1]
    assert [row["text"] for row in messages(run_sql, "general")].count("Once") == 1


def test_a_dm_is_found_or_begun(act, run_sql):
    tape = act(
        "kevin",
        Location("general"),
        ("send_message", {"text": "First", "to": "@oscar"}),
        ("send_message", {"text": "Second", "to": "oscar"}),
    )
    assert len(tape.called) == 2
    assert [row["text"] for row in messages(run_sql, "dm-kevin-oscar")] == ["Second", "First"]
    members = run_sql("SELECT user_id FROM channel_members WHERE channel_id = 'dm-kevin-oscar'")
    assert {row[0] for row in members} == {"kevin", "oscar"}
    act("pam", Location("general"), ("send_message", {"text": "Known", "to": "jim"}))
    assert messages(run_sql, "dm-jim-pam")[0]["text"] == "Known"


REFUSED = [
    ({"text": "x", "channel": "management"}, "Channel not found."),
    ({"text": "x", "channel": "nowhere"}, "Channel not found."),
    ({"text": "x", "channel": "dm-jim-pam"}, "Channel not found."),
    ({"text": "x", "channel": "sales"}, "Only members can write in this channel"),
    ({"text": "x", "thread": str(uuid4())}, "Message not found."),
    ({"text": "x", "to": "nobody"}, "User not found."),
    ({"text": "x", "to": "kevin"}, "That is you"),
    ({"text": "x", "to": "oscar", "channel": "general"}, "give one of channel, thread and to"),
    ({"text": "  "}, "expected some text"),
    ({"text": "a\x00b"}, "cannot be stored"),
    ({"text": "x" * 40_001}, "at most 40000"),
    ({}, "text: Field required"),
    ({"text": "x", "as": "michael"}, "Extra inputs"),
    ("{not json", "not valid JSON"),
    ("[]", "the arguments"),
]


def test_what_cannot_be_said_is_explained_and_nothing_is_said(url, run_sql):
    async def work():
        async with opened(url) as database:
            tapes = []
            for arguments, _ in REFUSED:
                async with one_turn(database, "kevin", Location("general")) as tape:
                    await tape.call("send_message", arguments, "1")
                tapes.append(tape)
            return tapes

    before = run_sql("SELECT count(*) FROM messages")[0][0]
    for tape, (arguments, expected) in zip(complete(work()), REFUSED, strict=True):
        assert tape.returns[0].startswith("Error: "), arguments
        assert expected in tape.returns[0], arguments
        assert tape.called == []
    assert run_sql("SELECT count(*) FROM messages")[0][0] == before


def test_a_thread_of_a_message_that_cannot_be_read_is_not_there(act, run_sql):
    secret = run_sql("SELECT id FROM messages WHERE channel_id = 'management' LIMIT 1")[0][0]
    tape = act(
        "kevin",
        Location("general"),
        ("send_message", {"text": "x", "thread": str(secret)}),
        ("react_to_message", {"message": str(secret), "emoji": "👍"}),
        ("react_to_message", {"message": str(uuid4()), "emoji": "👍"}),
    )
    assert tape.returns == ["Error: Message not found."] * 3


def test_an_unknown_tool_is_answered_with_those_there_are(act):
    tape = act("kevin", Location("general"), ("rm_rf", {}))
    assert "There is no tool 'rm_rf'" in tape.returns[0]
    assert "send_message" in tape.returns[0]


def test_a_reaction_is_the_agents_own_and_an_emoji(act, run_sql):
    message = run_sql(
        "SELECT id FROM messages WHERE channel_id = 'general' ORDER BY created_at DESC LIMIT 1"
    )[0][0]
    tape = act(
        "kevin",
        Location("general"),
        ("react_to_message", {"message": str(message), "emoji": "🦖"}),
        ("react_to_message", {"message": str(message), "emoji": ":tada:"}),
    )
    assert "not its name" in tape.returns[1]
    reactions = run_sql("SELECT user_id, emoji FROM reactions WHERE message_id = $1", message)
    assert ("kevin", "🦖") in [tuple(row) for row in reactions]


def test_memory_is_written_by_whoever_has_read_it(act, run_sql):
    tape = act(
        "kevin",
        Location("general"),
        ("update_memory", {"label": "current_state", "content": "Hungry.", "version": 1}),
        ("update_memory", {"label": "current_state", "content": "Full.", "version": 1}),
        ("update_memory", {"label": "chili", "content": "More cumin.", "version": 0}),
        ("update_memory", {"label": "gone", "content": "x", "version": 3}),
        ("update_memory", {"label": "Big Label", "content": "x", "version": 0}),
        ("update_memory", {"label": "chili", "content": "x" * 10_001, "version": 1}),
    )
    assert "version 2" in tape.returns[0]
    assert "| Hungry." in tape.returns[1]
    assert "at version 2" in tape.returns[1]
    assert "give version 0" in tape.returns[3]
    assert "was not called" in tape.returns[4]
    assert "was not called" in tape.returns[5]
    blocks = run_sql("SELECT label, content FROM memory_blocks WHERE agent_id = 'kevin'")
    assert dict(map(tuple, blocks))["current_state"] == "Hungry."
    assert dict(map(tuple, blocks))["chili"] == "More cumin."


def test_a_version_names_its_run_and_a_shared_block_is_one_for_all(url, run_sql):
    async def work():
        async with opened(url) as database:
            version = await database.fetch_one(
                "SELECT max(version) FROM memory_block_versions v JOIN memory_blocks b"
                " ON b.id = v.block_id WHERE b.label = 'office_news'"
            )
            arguments = {"label": "office_news", "content": "Cake.", "version": version[0]}
            async with one_turn(database, "kevin", Location("general")) as tape:
                await tape.call("update_memory", arguments, "1")
            return tape

    tape = complete(work())
    assert tape.called
    row = run_sql(
        "SELECT b.agent_id, v.content, v.user_id, v.run_id FROM memory_block_versions v"
        " JOIN memory_blocks b ON b.id = v.block_id WHERE b.label = 'office_news'"
        " ORDER BY v.version DESC LIMIT 1"
    )[0]
    assert tuple(row) == ("pam", "Cake.", "kevin", tape.run_id)


def test_an_archive_is_its_agents_alone(act):
    tape = act(
        "kevin",
        Location("general"),
        ("store_memory", {"content": "Oscar owes me a zeppelin.", "tags": ["debts"]}),
        ("search_memory", {"query": "zeppelin"}),
        ("search_memory", {"query": "zeppelin", "tags": ["cakes"]}),
    )
    found = json.loads(tape.returns[1])
    assert (found["text"], found["tags"]) == ("Oscar owes me a zeppelin.", ["debts"])
    assert tape.returns[2] == "Nothing was found."
    other = act("oscar", Location("general"), ("search_memory", {"query": "zeppelin"}))
    assert other.returns == ["Nothing was found."]


def test_a_search_finds_only_what_every_reader_of_the_answer_may_read(url):
    async def work():
        async with opened(url) as database:
            await say(database, "michael", "management", "The zeppelin is a secret")
            await say(database, "jim", "dm-jim-pam", "A zeppelin for you")
            await say(database, "pam", "general", f"A zeppelin for all {HOSTILE}")
            found = {}
            for agent_id, place in (
                *(("kevin", "general"), ("jim", "general"), ("jim", "management")),
                *(("jim", "dm-jim-pam"), ("pam", "dm-jim-pam")),
            ):
                async with one_turn(database, agent_id, Location(place)) as tape:
                    await tape.call("search_messages", {"query": "zeppelin"}, "1")
                lines = tape.returns[0].split("\n")
                found[agent_id, place] = {json.loads(line)["channel"] for line in lines}
            async with one_turn(database, "kevin", Location("general")) as bad:
                await bad.call("search_messages", {"query": "before:yesterday"}, "1")
            return found, bad.returns[0]

    found, problem = complete(work())
    assert found == {
        ("kevin", "general"): {"general"},
        ("jim", "general"): {"general"},
        ("jim", "management"): {"general", "management"},
        ("jim", "dm-jim-pam"): {"general", "dm-jim-pam"},
        ("pam", "dm-jim-pam"): {"general", "dm-jim-pam"},
    }
    assert "Use a date like" in problem


def test_a_plan_is_in_the_workspaces_zone_and_in_reach(act, run_sql):
    later = (NOW + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    tape = act(
        "kevin",
        Location("general"),
        ("schedule_message", {"at": later, "note": "Chili day"}),
        ("schedule_message", {"at": "2026-03-04T11:59", "note": "Too late"}),
        ("schedule_message", {"at": "2036-03-04T11:59", "note": "Too far"}),
        ("schedule_message", {"at": later, "note": "x", "channel": "management"}),
        ("schedule_message", {"at": "tomorrow", "note": "x"}),
    )
    row = run_sql(
        "SELECT agent_id, trigger_at, target_channel_id, status FROM scheduled_messages"
        " WHERE prompt = 'Chili day'"
    )[0]
    assert tuple(row) == ("kevin", NOW + timedelta(days=1), "general", "pending")
    assert "has passed" in tape.returns[1]
    assert "more than a year" in tape.returns[2]
    assert tape.returns[3] == "Error: Channel not found."
    assert "was not called" in tape.returns[4]


def test_plans_have_an_end(act, run_sql):
    run_sql(
        "INSERT INTO scheduled_messages (agent_id, trigger_at, prompt)"
        " SELECT 'kevin', now() + interval '1 day', 'x' FROM generate_series(1, 50)"
    )
    arguments = {"at": "2026-03-05T09:00", "note": "x"}
    tape = act("kevin", Location("general"), ("schedule_message", arguments))
    assert "let some happen first" in tape.returns[0]


def test_silence_is_a_choice(act, run_sql):
    events = "SELECT count(*) FROM events WHERE kind NOT LIKE 'run.%'"
    before = run_sql(events)[0][0]
    tape = act("kevin", Location("general"), ("do_nothing", {"reason": "Lunch."}))
    assert tape.called == [("do_nothing", {"reason": "Lunch."})]
    assert run_sql(events)[0][0] == before
