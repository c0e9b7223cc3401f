"""Workers on the mailbox: each run once, one at a time for an agent, whatever ends in between."""

import asyncio
import time
from collections import Counter

from tests.support.asking import asked, post, post_in_turn, settled
from tests.support.fixtures import complete
from tests.support.minds import SmallMind, answer, working
from tests.support.program import until

from bullpen.agents.runtimes.base import Recorder, RunRequest, RunResult, Usage
from bullpen.agents.worker import REST_SECONDS
from bullpen.kit.database import connect
from bullpen.runs.mailbox import FLOOD, MOST_ATTEMPTS


async def quiet(spec: RunRequest, recorder: Recorder) -> RunResult:
    await recorder.turn_started(spec.model_id, {"prompt": spec.prompt})
    await recorder.turn_ended(Usage(10, 5), 0.001, b"history")
    return RunResult("end_turn")


def test_a_dm_is_answered_and_its_trace_is_whole(run_sql, url: str, acting):
    with working(url, SmallMind()):
        message_id = post(run_sql, "michael", "dm-michael-toby", "No.")
        until(lambda: settled(run_sql))
    [(run_id, status, reason)] = run_sql(
        "SELECT id, status, stop_reason FROM runs WHERE trigger_message_id = $1", message_id
    )
    assert (status, reason) == ("completed", "end_turn")
    trace = acting("michael").get(f"/api/runs/{run_id}").json()
    assert [m["messageType"] for m in trace["messages"]] == ["system_message", "user_message"]
    [step] = trace["steps"]
    assert step["status"] == "completed"
    assert [m["messageType"] for m in step["messages"]] == [
        "tool_call_message",
        "tool_return_message",
    ]
    assert trace["tokenUsage"] == {"inputTokens": 10, "outputTokens": 5}
    [(text,)] = run_sql(
        "SELECT text FROM messages JOIN run_posts ON message_id = id WHERE run_id = $1", run_id
    )
    assert text == f"toby {run_id}"
    kinds = [row[0] for row in run_sql("SELECT kind FROM events WHERE kind <> 'reset' ORDER BY id")]
    for kind in ("run.created", "agent.typing", "run.changed", "message.created", "agent.done"):
        assert kind in kinds
    assert kinds[-1] == "agent.done"


def test_as_whom_a_person_acts_no_agent_answers(run_sql, url: str):
    """Toby's answer asks Michael, who is the person that began."""
    with working(url, SmallMind()):
        post(run_sql, "michael", "dm-michael-toby", "No.")
        until(lambda: settled(run_sql))
    assert run_sql("SELECT count(*) FROM runs JOIN run_details ON run_id = id")[0][0] == 1


def test_two_workers_never_run_one_agent_twice_at_once(run_sql, url: str):
    busy: Counter[str] = Counter()
    places: Counter[object] = Counter()
    most: Counter[object] = Counter()

    async def watched(spec: RunRequest, recorder: Recorder) -> RunResult:
        place = mind.places[spec.run_id]
        for counter, key in ((busy, spec.agent_id), (places, place)):
            counter[key] += 1
            most[key] = max(most[key], counter[key])
        result = await quiet(spec, recorder)
        for counter, key in ((busy, spec.agent_id), (places, place)):
            counter[key] -= 1
        return result

    class Mind(SmallMind):
        places: dict = {}

        async def build_prompt(self, database, run, now):
            self.places[run.run_id] = (run.channel_id, run.thread_id)
            return await super().build_prompt(database, run, now)

    mind = Mind(watched)

    async def ask() -> None:
        connection = await connect(url, pooled=False)
        for number in range(120):
            channel, author = [
                ("dm-michael-toby", "michael"),
                ("general", "jim"),
                ("accounting", "oscar"),
            ][number % 3]
            await post_in_turn(connection, author, channel, f"{number}")
        await connection.close()

    with working(url, mind, 2):
        complete(ask())
        until(lambda: settled(run_sql), 60)
    assert set(most.values()) == {1}
    wrong = run_sql(
        "SELECT r.id FROM runs r JOIN run_details ON run_id = id WHERE status <> 'completed'"
    )
    assert wrong == []
    # Whatever came was answered, by one run each.
    unanswered = run_sql(
        "SELECT m.id FROM messages m WHERE m.channel_id = 'dm-michael-toby' AND m.text ~ '^[0-9]+$'"
        " AND (SELECT count(*) FROM run_triggers WHERE message_id = m.id) <> 1"
    )
    assert unanswered == []


def test_runs_of_one_agent_are_in_order_and_a_persons_dm_goes_first(run_sql, url: str):
    for channel_id in ("general", "accounting"):
        author = "jim" if channel_id == "general" else "oscar"
        post(run_sql, author, channel_id, f"@kevin {channel_id}")
    channels = run_sql(
        "SELECT c.id FROM channels c JOIN channel_members m ON m.channel_id = c.id"
        " WHERE c.kind = 'dm' AND m.user_id = 'kevin' LIMIT 1"
    )
    if not channels:
        run_sql(
            "WITH c AS (INSERT INTO channels (id, name, kind) VALUES ('dm-k', 'k', 'dm')"
            " RETURNING id) INSERT INTO channel_members (channel_id, user_id)"
            " SELECT id, unnest(ARRAY['kevin', 'oscar']) FROM c"
        )
    dm = channels[0][0] if channels else "dm-k"
    [(other,)] = run_sql(
        "SELECT user_id FROM channel_members WHERE channel_id = $1 AND user_id <> 'kevin'", dm
    )
    post(run_sql, other, dm, "Now.")
    with working(url, SmallMind(quiet)):
        until(lambda: settled(run_sql))
    order = run_sql(
        "SELECT channel_id FROM runs JOIN run_details ON run_id = id"
        " WHERE agent_id = 'kevin' ORDER BY started_at"
    )
    assert [row[0] for row in order] == [dm, "general", "accounting"]


def test_a_cancelled_run_stops_within_a_second(run_sql, url: str, acting):
    stopped: list[float] = []

    async def endless(spec: RunRequest, recorder: Recorder) -> RunResult:
        await recorder.turn_started(spec.model_id, {})
        try:
            await asyncio.Event().wait()
        finally:
            stopped.append(time.monotonic())
        raise AssertionError

    kevin, michael = acting("kevin"), acting("michael")
    with working(url, SmallMind(endless)):
        message_id = post(run_sql, "michael", "dm-michael-toby", "Talk.")
        step = (
            "SELECT r.id FROM runs r JOIN run_steps s ON s.run_id = r.id"
            " WHERE trigger_message_id = $1"
        )
        until(lambda: run_sql(step, message_id))
        [(run_id,)] = run_sql(step, message_id)
        assert kevin.post(f"/api/runs/{run_id}/cancel").status_code == 404
        began = time.monotonic()
        assert michael.post(f"/api/runs/{run_id}/cancel").status_code == 200
        until(lambda: stopped)
    assert stopped[0] - began < 1
    [(status, step_status)] = run_sql(
        "SELECT r.status, s.status FROM runs r JOIN run_steps s ON s.run_id = r.id WHERE r.id = $1",
        run_id,
    )
    assert (status, step_status) == ("cancelled", "failed")


def test_a_run_that_failed_says_so_once_and_the_next_goes_on(run_sql, url: str):
    async def refused(spec: RunRequest, recorder: Recorder) -> RunResult:
        await recorder.turn_started("claude", {})
        await recorder.turn_failed("the provider refused the key (401)")
        return RunResult("error", error="the provider refused the key (401)")

    with working(url, SmallMind(refused)):
        for number in range(3):
            post(run_sql, "michael", "dm-michael-toby", f"{number}")
            until(lambda: settled(run_sql))
    said = run_sql(
        "SELECT user_id, text FROM messages JOIN run_notices ON message_id = id ORDER BY created_at"
    )
    assert [tuple(row) for row in said] == [
        ("toby", "_Toby Flenderson could not answer: the provider refused the key (401)._")
    ]
    runs = run_sql("SELECT status, problem FROM runs JOIN run_details ON run_id = id")
    assert [row[0] for row in runs] == ["failed"] * 3
    # What it said asks nobody.
    assert asked(run_sql, run_sql("SELECT message_id FROM run_notices")[0][0]) == []


def test_a_providers_words_are_no_markdown_in_the_chat_and_mention_nobody(run_sql, url: str):
    words = 'The provider failed (500). It says: "@pam _x_ <b> [a](https://b)"'

    async def failing(spec: RunRequest, recorder: Recorder) -> RunResult:
        await recorder.turn_started("claude", {})
        await recorder.turn_failed(words)
        return RunResult("error", error=words)

    with working(url, SmallMind(failing)):
        post(run_sql, "michael", "dm-michael-toby", "Hello?")
        until(lambda: settled(run_sql))
    [(said,)] = run_sql("SELECT text FROM messages JOIN run_notices ON message_id = id")
    assert said == (
        "_Toby Flenderson could not answer: The provider failed (500). It says:"
        ' "\\@pam \\_x\\_ \\<b\\> \\[a\\](https://b)"_'
    )
    [(problem, told)] = run_sql(
        "SELECT d.problem, m.content FROM run_details d JOIN run_messages m ON m.run_id = d.run_id"
        " WHERE m.message_type = 'system_message' AND m.step_id IS NOT NULL"
    )
    assert problem == told == words


def test_that_a_model_called_no_tool_is_said_where_one_person_waits(run_sql, url: str):
    async def only_text(spec: RunRequest, recorder: Recorder) -> RunResult:
        await recorder.turn_started("claude", {})
        await recorder.said("Only words")
        await recorder.turn_ended(Usage(1, 1), 0.0, None)
        return RunResult("no_tool_call", error="The model wrote text. Choose another.")

    with working(url, SmallMind(only_text)):
        post(run_sql, "michael", "dm-michael-toby", "Hello?")
        post(run_sql, "michael", "general", "Hello, everybody?")
        until(lambda: settled(run_sql))
    said = run_sql("SELECT channel_id, text FROM messages JOIN run_notices ON message_id = id")
    notice = "_Toby Flenderson could not answer: The model wrote text. Choose another._"
    assert [tuple(row) for row in said] == [("dm-michael-toby", notice)]
    assert run_sql("SELECT FROM messages WHERE text = 'Only words'") == []


def test_what_is_wrong_in_bullpen_itself_is_said_without_pointing_to_its_log(run_sql, url: str):
    async def broken(spec: RunRequest, recorder: Recorder) -> RunResult:
        raise KeyError("a secret of the code")

    with working(url, SmallMind(broken)):
        post(run_sql, "michael", "dm-michael-toby", "Hello?")
        until(lambda: settled(run_sql))
    [(said,)] = run_sql("SELECT text FROM messages JOIN run_notices ON message_id = id")
    assert said == (
        "_Toby Flenderson could not answer: Something is wrong in Bullpen itself (KeyError). Ask"
        " again, and report it if it happens again._"
    )


def test_a_run_that_was_interrupted_after_its_last_turn_says_nothing_again(run_sql, url: str):
    """By a runtime that keeps no history, and so does all of it again."""
    first = []

    async def without_history(spec: RunRequest, recorder: Recorder) -> RunResult:
        for number in range(2):
            await recorder.turn_started(spec.model_id, {})
            await recorder.call("send_message", {"text": f"{number}"}, "1")
            await recorder.turn_ended(Usage(), 0.0, None)
        if not first:
            first.append(spec.run_id)
            await asyncio.Event().wait()
        return RunResult("end_turn")

    for _ in range(2):
        with working(url, SmallMind(without_history)):
            if not first:
                post(run_sql, "michael", "dm-michael-toby", "Go.")
                until(lambda: first)
            else:
                until(lambda: settled(run_sql))
    said = run_sql("SELECT text FROM messages JOIN run_posts ON message_id = id ORDER BY text")
    assert [row[0] for row in said] == ["0", "1"]


def test_a_worker_that_stops_hands_its_runs_on(run_sql, url: str):
    first = []

    async def slow_first(spec: RunRequest, recorder: Recorder) -> RunResult:
        if not first:
            first.append(spec.run_id)
            await recorder.turn_started(spec.model_id, {})
            await recorder.call("send_message", {"text": "Said"}, "1")
            await asyncio.Event().wait()
        return await answer(spec, recorder)

    with working(url, SmallMind(slow_first)):
        post(run_sql, "michael", "dm-michael-toby", "Go.")
        until(lambda: run_sql("SELECT 1 FROM run_calls"))
    assert run_sql("SELECT count(*) FROM mailbox")[0][0] == 1
    with working(url, SmallMind(slow_first)):
        until(lambda: settled(run_sql))
    [(run_id,)] = run_sql("SELECT run_id FROM run_details")
    # What was said before is not said again, in whatever words.
    assert [
        row[0] for row in run_sql("SELECT text FROM messages JOIN run_posts ON message_id = id")
    ] == ["Said"]
    steps = run_sql("SELECT status FROM run_steps WHERE run_id = $1 ORDER BY step_number", run_id)
    assert [row[0] for row in steps] == ["failed", "completed"]


def test_a_run_that_takes_its_worker_down_is_given_up(run_sql, url: str):
    message_id = post(run_sql, "michael", "dm-michael-toby", "Boom")
    run_sql("UPDATE runs SET status = 'running' WHERE trigger_message_id = $1", message_id)
    run_sql(
        "UPDATE mailbox SET worker = 'gone', lease_until = now() - interval '1 s', attempt = $1",
        MOST_ATTEMPTS,
    )
    with working(url, SmallMind(answer)):
        until(lambda: settled(run_sql))
    assert run_sql("SELECT status FROM runs WHERE trigger_message_id = $1", message_id)[0][0] == (
        "failed"
    )
    assert run_sql("SELECT count(*) FROM run_notices")[0][0] == 1


def test_a_run_that_cannot_be_ended_is_tried_again_so_often_and_no_more(run_sql, url: str):
    tries = []

    class Broken(SmallMind):
        async def build_prompt(self, database, run, now):
            tries.append(run.run_id)
            raise SystemError

    # Its end is refused by the database, whatever the worker does.
    run_sql(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF (SELECT attempt FROM mailbox WHERE run_id = NEW.id) <= 5 THEN"
        " RAISE 'refused'; END IF; RETURN NEW; END $$"
    )
    run_sql(
        "CREATE TRIGGER refuse BEFORE UPDATE OF status ON runs FOR EACH ROW"
        " WHEN (NEW.status = 'failed') EXECUTE FUNCTION refuse()"
    )
    with working(url, Broken()):
        post(run_sql, "michael", "dm-michael-toby", "Boom")
        until(lambda: settled(run_sql), 30)
    assert len(tries) == MOST_ATTEMPTS
    assert run_sql("SELECT count(*) FROM run_notices")[0][0] == 1


def test_an_agent_that_is_made_inactive_stops_and_what_waited_is_dropped(run_sql, url: str, acting):
    began, stopped = [], []

    async def slow(spec: RunRequest, recorder: Recorder) -> RunResult:
        await recorder.turn_started(spec.model_id, {})
        began.append(spec.run_id)
        try:
            await asyncio.sleep(60)
        finally:
            stopped.append(spec.run_id)
        return RunResult("end_turn")

    with working(url, SmallMind(slow)):
        post(run_sql, "michael", "dm-michael-toby", "Are you there?")
        until(lambda: began)
        run_sql("INSERT INTO channel_policies SELECT 'general', id, 'mentions' FROM agents")
        waits = post(run_sql, "michael", "general", "@toby?")
        assert asked(run_sql, waits) == ["toby"]
        assert acting("michael").delete("/api/agents/toby").status_code == 200
        until(lambda: stopped == began)
    assert settled(run_sql)
    ended = run_sql("SELECT status FROM runs WHERE agent_id = 'toby' AND id = $1", began[0])
    assert [row[0] for row in ended] == ["cancelled"]
    acting("michael").patch("/api/agents/toby", json={"isActive": True})
    assert acting("michael").get("/api/agents/toby/queue").json()["state"] == "idle"


def test_in_a_flooded_conversation_a_worker_rests_between_answers(run_sql, url: str):
    for agent_id in ("kevin", "stanley"):
        for number in range(FLOOD):
            post(run_sql, "jim", "general", f"@{agent_id} {number}")
    with working(url, SmallMind(quiet)):
        until(lambda: settled(run_sql))
    [(between,)] = run_sql(
        "SELECT EXTRACT(epoch FROM max(started_at) - min(completed_at))::float8 FROM runs"
        " WHERE id IN (SELECT run_id FROM run_triggers) AND agent_id IN ('kevin', 'stanley')"
    )
    assert between >= REST_SECONDS * 0.9
