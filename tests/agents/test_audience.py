"""A run reads for the readers of its place, and writes only where all may read what it has read."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from tests.support.asking import post
from tests.support.fixtures import complete
from tests.support.minds import SmallMind, working
from tests.support.program import until
from tests.support.running import run_of
from tests.support.tape import one_turn, opened, prompt_of, say

from bullpen.agents.prompt.conversation import Location
from bullpen.agents.recorder import RunRecorder
from bullpen.agents.runtimes.base import RunResult, Usage
from bullpen.agents.tools import TOOLS
from bullpen.kit.errors import Invalid
from bullpen.runs.audience import keep_readers

SECRET = "The quarterly numbers are heliotrope"
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).isoformat()


def calls(url, agent_id, place, *wanted, before=None):
    """What tools answer to one run."""

    async def work():
        async with opened(url) as database:
            if before is not None:
                await before(database)
            async with one_turn(database, agent_id, Location(place)) as tape:
                for name, arguments in wanted:
                    await tape.call(name, arguments, "1")
            return tape

    return complete(work())


REFUSED = [
    (
        ("send_message", {"text": SECRET, "channel": "general"}),
        "everybody can read 'general', and not everybody can read this conversation",
    ),
    (("send_message", {"text": SECRET, "to": "jim"}), "jim cannot read this conversation"),
    (
        ("schedule_message", {"at": TOMORROW, "note": SECRET, "channel": "random"}),
        "everybody can read 'random'",
    ),
    (
        ("update_memory", {"label": "office_news", "content": SECRET, "version": 1}),
        "shared with agents that cannot read this channel",
    ),
]


@pytest.mark.parametrize(("call", "reason"), REFUSED)
def test_a_write_that_others_would_read_is_refused_with_the_reason(url, run_sql, call, reason):
    tables = ("messages", "channels", "scheduled_messages", "private_notes", "memory_blocks")
    before = {table: run_sql(f"SELECT count(*) FROM {table}") for table in tables}
    tape = calls(url, "kevin", "accounting", call)
    assert tape.returns[0].startswith("Error: ")
    assert reason in tape.returns[0]
    assert {table: run_sql(f"SELECT count(*) FROM {table}") for table in tables} == before


def test_a_channel_that_those_here_cannot_read_is_refused_like_one_that_is_not_there(url, run_sql):
    run_sql("INSERT INTO channel_members (channel_id, user_id) VALUES ('management', 'kevin')")
    there, missing = "management", "nowhere"
    tape = calls(
        url,
        "kevin",
        "accounting",
        ("send_message", {"text": "x", "channel": there}),
        ("send_message", {"text": "x", "channel": missing}),
        ("schedule_message", {"at": TOMORROW, "note": "x", "channel": there}),
        ("schedule_message", {"at": TOMORROW, "note": "x", "channel": missing}),
    )
    for first, second in (tape.returns[:2], tape.returns[2:]):
        assert first.startswith("Error: ")
        assert first.replace(there, missing) == second


def test_what_all_of_them_can_read_goes_on(url, run_sql):
    """Kevin and Oscar both read #accounting: in their DM its messages are found."""
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('books', 'books', 'private')")
    run_sql(
        "INSERT INTO channel_members (channel_id, user_id)"
        " VALUES ('books', 'kevin'), ('books', 'oscar')"
    )

    async def before(database):
        await say(database, "angela", "accounting", f"{SECRET}, says Angela")
        await say(database, "kevin", "books", "Heliotrope, too")

    search = ("search_messages", {"query": "heliotrope"})
    tape = calls(
        url,
        "kevin",
        "books",
        search,
        ("send_message", {"text": SECRET}),
        ("send_message", {"text": SECRET, "to": "oscar"}),
        ("send_message", {"text": SECRET, "channel": "accounting"}),
        ("send_message", {"text": SECRET, "to": "angela"}),
        before=before,
    )
    found = {json.loads(line)["channel"] for line in tape.returns[0].split("\n")}
    assert found == {"accounting", "books"}
    assert [answer.startswith("Sent") for answer in tape.returns[1:]] == [True, True, False, False]
    wider = calls(url, "kevin", "accounting", search)
    assert {json.loads(line)["channel"] for line in wider.returns[0].split("\n")} == {"accounting"}


def test_membership_counts_as_it_is_when_the_run_writes(url, run_sql):
    """Oscar leaves #accounting after Kevin has found something there for their DM."""
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('books', 'books', 'private')")
    run_sql(
        "INSERT INTO channel_members (channel_id, user_id)"
        " VALUES ('books', 'kevin'), ('books', 'oscar')"
    )

    async def work():
        async with opened(url) as database:
            await say(database, "angela", "accounting", SECRET)
            async with one_turn(database, "kevin", Location("books")) as tape:
                await tape.call("search_messages", {"query": "heliotrope"}, "1")
                await database.write(
                    "DELETE FROM channel_members WHERE user_id = 'oscar'"
                    " AND channel_id = 'accounting'"
                )
                await tape.call("send_message", {"text": SECRET}, "2")
                await tape.call("store_memory", {"content": SECRET}, "3")
                await tape.call(
                    "update_memory", {"label": "state", "content": SECRET, "version": 0}, "4"
                )
            return tape

    tape = complete(work())
    assert "heliotrope" in tape.returns[0]
    for answer in tape.returns[1:]:
        assert "can no longer read what you looked up" in answer
    assert run_sql("SELECT count(*) FROM messages WHERE channel_id = 'books'")[0][0] == 0


def test_nobody_joins_between_the_check_and_the_write(url):
    """Who adds Jim to #books waits until what Kevin writes there is committed."""

    async def work():
        async with opened(url) as database:
            async with database.transaction() as connection:
                await connection.execute(
                    "INSERT INTO channels (id, name, kind) VALUES ('books', 'books', 'private')"
                )
                await connection.execute(
                    "INSERT INTO channel_members (channel_id, user_id) VALUES ('books', 'kevin')"
                )
            async with one_turn(database, "kevin", Location("books")) as tape:
                run_id = tape.run_id
                async with database.transaction() as writing:
                    assert await keep_readers(writing, run_id, "books")
                    async with database.transaction() as joining:
                        await joining.execute("SET LOCAL lock_timeout = '50ms'")
                        with pytest.raises(Exception, match="lock timeout"):
                            await joining.execute(
                                "SELECT FROM channels WHERE id = 'books' FOR NO KEY UPDATE"
                            )

    complete(work())


def test_a_tool_that_does_not_ask_is_refused_by_the_database(url, run_sql):
    tape = calls(url, "kevin", "accounting")
    rows = """
SELECT FROM post_messages(
    ARRAY[gen_random_uuid()], ARRAY['general'], ARRAY[NULL::uuid], ARRAY['kevin'], ARRAY['x'],
    ARRAY['{}'::json], run => current_setting('bullpen.run_id')::uuid);
INSERT INTO reactions (message_id, user_id, emoji)
    SELECT id, 'kevin', '🦖' FROM messages WHERE channel_id = 'general' LIMIT 1;
UPDATE memory_blocks SET content = 'x' WHERE agent_id = 'kevin';
INSERT INTO memory_blocks (agent_id, label, content) VALUES ('kevin', 'x', 'x');
INSERT INTO archival_passages (agent_id, content) VALUES ('kevin', 'x');
INSERT INTO private_notes (agent_id, label, channel_id, content)
    VALUES ('kevin', 'x', 'management', 'x');
INSERT INTO scheduled_messages (agent_id, trigger_at, prompt) VALUES ('kevin', now(), 'x');
INSERT INTO recurring_messages (agent_id, cron, time_zone, prompt)
    VALUES ('kevin', '* * * * *', 'UTC', 'x')
"""

    async def work(sql):
        async with opened(url) as database, database.transaction() as connection:
            await connection.execute(
                "SELECT set_config('bullpen.run_id', $1, true)", str(tape.run_id)
            )
            await connection.execute(sql)

    for sql in rows.split(";"):
        with pytest.raises(Invalid) as refused:
            complete(work(sql))
        assert "has read what not all readers" in refused.value.details


def test_private_memory_is_a_companion_and_the_public_text_stays(url, run_sql, acting):
    public = run_sql(
        "SELECT content FROM memory_blocks WHERE agent_id = 'kevin' AND label = 'current_state'"
    )[0][0]
    tape = calls(
        url,
        "kevin",
        "accounting",
        ("update_memory", {"label": "current_state", "content": SECRET, "version": 1}),
        ("update_memory", {"label": "current_state", "content": "Older", "version": 7}),
        ("update_memory", {"label": "heliotrope", "content": SECRET, "version": 0}),
        ("store_memory", {"content": f"{SECRET}, kept", "tags": ["numbers"]}),
        ("search_memory", {"query": "heliotrope"}),
    )
    assert "private note 'current_state'" in tape.returns[0]
    assert "is at version 1 and holds" in tape.returns[1]
    assert "Stored for the readers of this place alone." in tape.returns[3]
    assert "heliotrope" in tape.returns[4]
    oscar, jim = acting("oscar"), acting("jim")
    for client in (oscar, jim):
        blocks = client.get("/api/agents/kevin/memory").json()
        assert [one["content"] for one in blocks if one["label"] == "current_state"] == [public]
        assert "heliotrope" not in client.get("/api/agents/kevin/memory").text
    notes = oscar.get("/api/agents/kevin/notes").json()
    assert [(note["label"], note["channelId"], note["content"]) for note in notes] == [
        ("current_state", "accounting", SECRET),
        ("heliotrope", "accounting", SECRET),
    ]
    [passage] = oscar.get("/api/agents/kevin/archival?q=heliotrope").json()["passages"]
    assert passage["channelId"] == "accounting"
    assert jim.get("/api/agents/kevin/notes").json() == []
    for query in ("", "?q=heliotrope", "?q=helio", "?tags=numbers"):
        assert "heliotrope" not in jim.get(f"/api/agents/kevin/archival{query}").text
    assert jim.delete(f"/api/agents/kevin/archival/{passage['id']}").status_code == 404
    # In public and in a DM with others the agent does not know it either.
    for place in ("general", "dm-jim-pam"):
        agent = "kevin" if place == "general" else "jim"
        found = calls(url, agent, place, ("search_memory", {"query": "heliotrope"}))
        assert found.returns == ["Nothing was found."]


def test_the_prompt_holds_the_notes_that_all_who_read_the_answer_may_read(url, acting):
    write = ("update_memory", {"label": "current_state", "content": SECRET, "version": 0})
    calls(url, "kevin", "accounting", write)

    async def work(place):
        async with opened(url) as database:
            return await prompt_of(database, "kevin", Location(place))

    private, public = complete(work("accounting")), complete(work("general"))
    assert f"| {SECRET}" in private.instructions
    assert (private.sources, private.withheld) == (["accounting"], [])
    assert "heliotrope" not in public.instructions + public.user
    assert (public.sources, public.withheld) == ([], ["accounting"])
    oscar, jim = acting("oscar"), acting("jim")
    path = "/api/agents/kevin/prompt"
    assert "heliotrope" in oscar.get(path, params={"channelId": "accounting"}).text
    assert jim.get(path, params={"channelId": "accounting"}).status_code == 404
    for client in (oscar, jim):
        assert "heliotrope" not in client.get(path).text
        assert "heliotrope" not in client.get(path, params={"channelId": "general"}).text


def test_members_of_the_place_correct_a_note_and_nobody_else_can(acting, run_sql):
    oscar, jim, angela = acting("oscar"), acting("jim"), acting("angela")
    path = "/api/agents/kevin/notes/accounting/lunch"
    assert oscar.put(path, json={"content": "Chili", "version": 0}).json()["version"] == 1
    assert angela.put(path, json={"content": "Soup", "version": 1}).json()["version"] == 2
    assert oscar.put(path, json={"content": "Salad", "version": 1}).status_code == 409
    versions = oscar.get(f"{path}/versions").json()["versions"]
    assert [(one["version"], one["content"], one["userId"]) for one in versions] == [
        (2, "Soup", "angela"),
        (1, "Chili", "oscar"),
    ]
    restored = oscar.post(f"{path}/restore", json={"version": 1})
    assert (restored.json()["content"], restored.json()["version"]) == ("Chili", 3)
    hidden = [
        jim.put(path, json={"content": "Mine"}),
        jim.delete(path),
        jim.get(f"{path}/versions"),
        jim.post(f"{path}/restore", json={"version": 1}),
    ]
    missing = [
        jim.put(path.replace("accounting", "nowhere"), json={"content": "Mine"}),
        jim.delete(path.replace("accounting", "nowhere")),
        jim.get(f"{path}/versions".replace("lunch", "dinner")),
        jim.post(f"{path}/restore".replace("lunch", "dinner"), json={"version": 1}),
    ]
    assert [one.status_code for one in hidden] == [404] * 4
    assert [one.json() for one in hidden] == [one.json() for one in missing]
    public = oscar.put("/api/agents/kevin/notes/general/lunch", json={"content": "x"})
    assert (public.status_code, "has no private notes" in public.json()["error"]) == (400, True)
    assert oscar.put(path, json={"content": "x" * 10_001}).status_code == 400
    assert oscar.delete(path).status_code == 200
    assert oscar.get("/api/agents/kevin/notes").json() == []
    assert run_sql("SELECT count(*) FROM private_note_versions")[0][0] == 0


def test_what_is_kept_for_a_place_goes_with_it(url, run_sql, acting):
    calls(
        url,
        "kevin",
        "accounting",
        ("update_memory", {"label": "state", "content": SECRET, "version": 0}),
        ("store_memory", {"content": SECRET}),
    )
    angela, creed = acting("angela"), acting("creed")
    assert angela.delete("/api/channels/accounting").status_code == 200
    made = {"id": "accounting", "name": "accounting", "kind": "private", "memberIds": ["creed"]}
    assert creed.post("/api/channels", json=made).status_code == 201
    assert creed.get("/api/agents/kevin/notes").json() == []
    assert "heliotrope" not in creed.get("/api/agents/kevin/archival").text
    left = run_sql("SELECT count(*) FROM archival_passages WHERE content LIKE '%heliotrope%'")
    assert left[0][0] == 0


def doing(*wanted):
    async def act(spec, recorder: RunRecorder):
        await recorder.turn_started(spec.model_id, {"asked": wanted})
        for number, (tool, arguments) in enumerate(wanted):
            await recorder.call(tool, arguments, str(number))
        await recorder.turn_ended(Usage(1, 1), None, None)
        return RunResult("end_turn")

    return SmallMind(act, tools=TOOLS)


def told(client, run_id) -> list[str]:
    steps = client.get(f"/api/runs/{run_id}").json()["steps"]
    return [
        message["content"]
        for step in steps
        for message in step["messages"]
        if message["messageType"] == "system_message"
    ]


def test_the_trace_says_what_was_withheld_to_those_who_may_know(run_sql, url, acting):
    post(run_sql, "angela", "accounting", f"{SECRET}, says Oscar")
    mind = doing(("search_messages", {"query": "heliotrope"}))
    _, run_id = run_of(run_sql, url, mind, "michael", "general", "@kevin what are the numbers?")
    oscar, creed = acting("oscar"), acting("creed")
    [withheld] = told(oscar, run_id)
    assert withheld.startswith("Withheld: the search also matched in #accounting, which not every")
    assert told(creed, run_id) == []
    steps = creed.get(f"/api/runs/{run_id}").json()["steps"]
    assert steps[0]["messages"][-1]["content"] == "Nothing was found."
    assert "accounting" not in creed.get(f"/api/runs/{run_id}").text


def test_the_trace_says_why_a_write_was_refused_to_those_who_may_know(run_sql, url, acting):
    run_sql("INSERT INTO channel_members (channel_id, user_id) VALUES ('management', 'kevin')")
    mind = doing(("send_message", {"text": SECRET, "channel": "management"}))
    _, run_id = run_of(run_sql, url, mind, "oscar", "accounting", "@kevin tell management")
    kevin, oscar = acting("kevin"), acting("oscar")
    assert told(kevin, run_id) == [
        "Refused: the run wanted to write in #management, which is not read by the same people."
    ]
    assert told(oscar, run_id) == []


def test_a_session_of_a_model_carries_nothing_from_a_private_place(run_sql, url):
    given = []

    async def act(spec, recorder):
        given.append(spec.session_id)
        await recorder.turn_started(spec.model_id, {})
        await recorder.call("do_nothing", {}, "1")
        await recorder.turn_ended(Usage(1, 1), None, None)
        return RunResult("end_turn", session_id=f"session-{len(given)}")

    mind = SmallMind(act, tools=TOOLS)
    kept = "SELECT session_id FROM agents WHERE id = 'kevin'"
    run_sql("UPDATE agents SET session_id = NULL")
    # Nobody else answers in between.
    run_sql("UPDATE agents SET is_active = false WHERE id NOT IN ('kevin', 'oscar')")
    run_of(run_sql, url, mind, "oscar", "general", "@kevin hello")
    assert (given, run_sql(kept)[0][0]) == ([None], "session-1")
    run_of(run_sql, url, mind, "oscar", "accounting", "@kevin hello")
    assert (given, run_sql(kept)[0][0]) == ([None, None], "session-1")
    run_of(run_sql, url, mind, "oscar", "general", "@kevin hello again")
    assert given == [None, None, "session-1"]


@pytest.mark.parametrize("target", ["random", None])
def test_a_plan_by_somebody_else_reads_for_those_who_read_its_channel(run_sql, url, acting, target):
    run_sql(
        "INSERT INTO messages (channel_id, user_id, text) VALUES ('accounting', 'angela', $1)",
        SECRET,
    )
    mind = doing(("search_messages", {"query": "heliotrope"}), ("search_memory", {"query": "x"}))
    due = {"agentId": "kevin", "prompt": "Search and tell", "triggerAt": "2026-01-01T00:00:00Z"}
    planned = acting("jim").post("/api/scheduled", json=due | {"targetChannelId": target})
    assert planned.status_code == 201
    finished = (
        "SELECT 1 FROM run_details d JOIN runs r ON r.id = d.run_id AND r.status = 'completed'"
    )
    run_sql("UPDATE scheduled_messages SET status = 'cancelled' WHERE prompt <> $1", due["prompt"])
    with working(url, mind, plans=True):
        until(lambda: run_sql(f"{finished} WHERE d.kind = 'schedule'"))
    answers = "SELECT content FROM run_messages WHERE message_type = 'tool_return_message'"
    found = run_sql(f"{answers} AND run_id IN (SELECT run_id FROM run_details)")
    assert [row[0] for row in found] == ["Nothing was found."] * 2
