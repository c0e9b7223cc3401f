"""Stop in a conversation: all of its work ends within a second, and nothing is posted after it."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from tests.support.asking import post, post_in_turn
from tests.support.fixtures import complete
from tests.support.minds import SmallMind, working
from tests.support.program import until
from tests.support.runs_under_way import begin

from bullpen.agents.runtimes.base import Recorder, RunRequest, RunResult, Usage
from bullpen.kit.database import connect

OPEN = """
SELECT count(*) FROM runs r JOIN run_details d ON d.run_id = r.id
WHERE r.channel_id = $1 AND r.status IN ('created', 'running') AND d.thread_id IS NULL
"""
BY_RUNS = """
SELECT count(*) FROM messages m JOIN run_posts p ON p.message_id = m.id WHERE m.channel_id = $1
"""
# All of #general but Jim, who asks.
AGENTS = (
    *("andy", "angela", "creed", "darryl", "dwight", "kelly", "kevin", "meredith", "michael"),
    *("oscar", "pam", "phyllis", "ryan", "stanley", "toby"),
)
QUEUE = "/api/runs/queue?channelId=general"


def stop(client, channel: str) -> list[str]:
    answered = client.post("/api/runs/cancel", json={"channelId": channel})
    assert answered.status_code == 200, answered.text
    return answered.json()


def test_stop_under_load_ends_the_conversation_and_nothing_comes_after_it(
    acting, run_sql, url: str
):
    """Agents that answer each other all the time, in two channels; one of them is stopped."""

    async def chatty(spec: RunRequest, recorder: Recorder) -> RunResult:
        await recorder.turn_started(spec.model_id, {})
        await recorder.call("send_message", {"text": f"{spec.run_id}"}, "1")
        await recorder.turn_ended(Usage(1, 1), None, b"x")
        await asyncio.sleep(0)
        return RunResult("end_turn")

    async def load() -> None:
        connection = await connect(url, pooled=False)
        for number in range(10):
            await post_in_turn(connection, "jim", "general", f"{number}")
            await post_in_turn(connection, "oscar", "accounting", f"{number}")
        await connection.close()

    michael = acting("michael")
    with working(url, SmallMind(chatty), 2):
        complete(load())
        until(lambda: run_sql(BY_RUNS, "general")[0][0] > 3)
        [(pressed,)] = run_sql("SELECT clock_timestamp()")
        stopped = stop(michael, "general")
        said = run_sql(BY_RUNS, "general")[0][0]
        assert stopped
        assert run_sql(OPEN, "general") == [(0,)]
        # The other conversation goes on, so that workers have looked at all there is meanwhile.
        before = run_sql(BY_RUNS, "accounting")[0][0]
        until(
            lambda: (
                run_sql(BY_RUNS, "accounting")[0][0] > before
                or run_sql(OPEN, "accounting") == [(0,)]
            )
        )
        assert run_sql(BY_RUNS, "general")[0][0] == said
        assert run_sql(OPEN, "general") == [(0,)]
    last = "SELECT max(completed_at) FROM runs WHERE id = ANY ($1::text[]::uuid[])"
    assert run_sql(last, stopped)[0][0] - pressed < timedelta(seconds=1)


def test_what_a_tool_call_asks_of_others_while_stop_is_pressed_is_stopped_too(
    acting, run_sql, url: str
):
    """Its effect and its record are one; then the run ends, and so does what it has asked for."""
    run_id = begin(run_sql, "running")
    michael = acting("michael")
    holding = threading.Event()

    async def call() -> None:
        connection = await connect(url, pooled=False)
        async with connection.transaction():
            assert await connection.fetchval("SELECT hold_run($1, 'test', 1)", run_id)
            holding.set()
            until(lambda: run_sql("SELECT FROM pg_locks WHERE NOT granted"))
            await connection.execute(
                "SELECT post_messages(ARRAY[$1::uuid], '{general}', ARRAY[NULL::uuid], '{toby}',"
                " '{Last words}', ARRAY['{}'::json], ARRAY[$1::uuid, $1::uuid], '{pam,jim}',"
                " '{0,0}'::smallint[], run => $1)",
                run_id,
            )
        await connection.close()

    with ThreadPoolExecutor(2) as pool:
        calling = pool.submit(complete, call())
        assert holding.wait(20)
        stopping = pool.submit(stop, michael, "general")
        calling.result()
        stopped = stopping.result()
    assert run_sql(BY_RUNS, "general") == [(1,)]
    agents = run_sql(
        "SELECT agent_id, status FROM runs WHERE id = ANY ($1::text[]::uuid[]) ORDER BY agent_id",
        stopped,
    )
    assert [tuple(row) for row in agents] == [
        ("jim", "cancelled"), ("pam", "cancelled"), ("toby", "cancelled"),
    ]  # fmt: skip
    assert run_sql(OPEN, "general") == [(0,)]


def test_of_two_people_who_press_stop_one_ends_each_run(acting, run_sql):
    for _ in range(5):
        post(run_sql, "jim", "general", "Everybody?")
    clients = [acting(name) for name in ("michael", "pam", "oscar")]
    with ThreadPoolExecutor(3) as pool:
        stopped = list(pool.map(lambda client: stop(client, "general"), clients))
    assert sorted(map(len, stopped))[:2] == [0, 0]
    assert len(max(stopped, key=len)) == len(AGENTS)
    assert run_sql(OPEN, "general") == [(0,)]


def test_what_is_stopped_together_has_one_time(acting, run_sql):
    first = post(run_sql, "jim", "general", "Everybody?")
    stop(acting("michael"), "general")
    page = acting("pam").get("/api/channels/general/messages").json()
    [message] = [one for one in page if one["id"] == str(first)]
    assert [one["agentId"] for one in message["stoppedRuns"]] == sorted(AGENTS)
    assert (len(message["stoppedAt"]), len(set(message["stoppedAt"]))) == (len(AGENTS), 1)


def test_the_queue_of_a_conversation_is_in_its_order_and_for_its_readers(acting, run_sql):
    run_sql("DELETE FROM runs")
    pam = acting("pam")
    assert pam.get(QUEUE).json() == {"running": [], "waiting": [], "waitingCount": 0}
    running = begin(run_sql, "running")
    message_id = post(run_sql, "jim", "general", "Everybody?")
    waiting = run_sql(
        "SELECT b.run_id, b.agent_id FROM mailbox b JOIN run_triggers t USING (run_id)"
        " WHERE t.message_id = $1 ORDER BY b.priority, b.queued_at, b.run_id",
        message_id,
    )
    assert pam.get(QUEUE).json() == {
        "running": [{"runId": str(running), "agentId": "toby"}],
        "waiting": [{"runId": str(run), "agentId": agent} for run, agent in waiting],
        "waitingCount": len(AGENTS),
    }
    in_thread = pam.get(f"{QUEUE}&parentMessageId={message_id}").json()
    assert in_thread == {"running": [], "waiting": [], "waitingCount": 0}
    refused = acting("kevin").get("/api/runs/queue?channelId=management")
    assert (refused.status_code, refused.json()["code"]) == (404, "channel_not_found")
