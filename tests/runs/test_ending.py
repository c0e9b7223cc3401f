"""However a run ends: the same rows are left behind, and the same events are written."""

import asyncio
import json
from collections.abc import Callable
from uuid import UUID

import asyncpg
import httpx
import pytest
from tests.support.fixtures import complete
from tests.support.runs_under_way import AGENT, CHANNEL, begin

from bullpen.kit.database import Database, connect
from bullpen.runs.mailbox import NOTIFICATIONS, Claim, finish

OTHER = "accounting"
LEFT = """
SELECT r.status, r.stop_reason, r.completed_at BETWEEN r.created_at AND clock_timestamp(),
       d.history, d.cost_usd, ARRAY(SELECT s.status FROM run_steps s WHERE s.run_id = r.id),
       EXISTS (SELECT FROM mailbox WHERE run_id = r.id)
FROM runs r JOIN run_details d ON d.run_id = r.id WHERE r.id = $1
"""
TOLD = """
SELECT kind, payload::text FROM events WHERE id > $1 AND channel_id = $2 ORDER BY id
"""
INTRODUCE = """
SELECT introduce_run($1, 'test', 1, gen_random_uuid(), 'Be Toby', gen_random_uuid(), 'Hello')
"""
RESERVED = "SELECT sum(reserved_usd), sum(spent_usd) FROM spending"

Acting = Callable[[str], httpx.Client]
RunSql = Callable[..., list[asyncpg.Record]]


def cancelled(url: str, acting: Acting, run_id: UUID) -> None:
    answered = acting("michael").post(f"/api/runs/{run_id}/cancel")
    assert (answered.status_code, answered.json()["status"]) == (200, "cancelled")


def cancelled_with_others(url: str, acting: Acting, run_id: UUID) -> None:
    answered = acting("michael").post("/api/runs/cancel", json={"channelId": CHANNEL})
    assert str(run_id) in answered.json()


def deactivated(url: str, acting: Acting, run_id: UUID) -> None:
    answered = acting("michael").patch(f"/api/agents/{AGENT}", json={"isActive": False})
    assert answered.status_code == 200


def settled(url: str, acting: Acting, run_id: UUID) -> None:
    async def work() -> None:
        database = await Database.open(url)
        try:
            await finish(database, Claim(run_id, "test", 1), "cancelled", "cancelled")
        finally:
            await database.close()

    complete(work())


WAYS = [cancelled, cancelled_with_others, deactivated]


def newest(run_sql: RunSql) -> int:
    return run_sql("SELECT COALESCE(max(id), 0) FROM events")[0][0]


@pytest.mark.parametrize("end", [*WAYS, settled])
def test_a_run_that_is_under_way_ends_the_same_way_whoever_ends_it(url, acting, run_sql, end):
    run_id = begin(run_sql, "running")
    before = newest(run_sql)
    end(url, acting, run_id)
    # What its step may have cost counts as spent: nobody knows what the model did.
    assert [tuple(row) for row in run_sql(LEFT, run_id)] == [
        ("cancelled", "cancelled", True, None, 2.5, ["failed"], False)
    ]
    assert tuple(run_sql(RESERVED)[0]) == (0, 6)
    told = [(kind, json.loads(payload)) for kind, payload in run_sql(TOLD, before, CHANNEL)]
    assert [kind for kind, _ in told] == ["run.changed", "agent.done"]
    assert told[0][1]["run"]["status"] == "cancelled"
    assert told[1][1] == {"agentId": AGENT, "channelId": CHANNEL, "parentMessageId": None}


@pytest.mark.parametrize("end", WAYS)
def test_a_run_that_waits_ends_without_a_word_about_typing(url, acting, run_sql, end):
    run_id = begin(run_sql, "created")
    before = newest(run_sql)
    end(url, acting, run_id)
    assert [tuple(row) for row in run_sql(LEFT, run_id)] == [
        ("cancelled", "cancelled", True, None, 0.5, [], False)
    ]
    assert [row[0] for row in run_sql(TOLD, before, CHANNEL)] == ["run.changed"]


def test_a_run_that_has_ended_stays_as_it_ended(url, acting, run_sql):
    run_id = begin(run_sql, "running")
    settled(url, acting, run_id)
    before, left = newest(run_sql), run_sql(LEFT, run_id)
    assert run_sql("SELECT * FROM end_runs(ARRAY[$1::uuid], 'failed', 'error')", run_id) == []
    assert run_sql(LEFT, run_id) == left
    assert newest(run_sql) == before


def test_a_channel_that_is_deleted_frees_what_its_runs_reserved_and_tells_their_worker(
    url, acting, run_sql
):
    run_id, elsewhere = begin(run_sql, "running", OTHER), begin(run_sql, "created")
    heard: list[str] = []

    async def work() -> None:
        connection = await connect(url, pooled=False)
        try:
            await connection.add_listener(NOTIFICATIONS, lambda *told: heard.append(told[-1]))
            async with asyncio.timeout(20):
                deleting = asyncio.to_thread(acting("oscar").delete, f"/api/channels/{OTHER}")
                assert (await deleting).status_code == 200
                while str(run_id) not in heard:
                    await connection.fetch("SELECT 1")
        finally:
            await connection.close()

    complete(work())
    assert run_sql("SELECT id FROM runs WHERE channel_id = $1", OTHER) == []
    assert [row[0] for row in run_sql("SELECT run_id FROM mailbox")] == [elsewhere]
    # Its channel's row is gone with the channel; the agent's and the workspace's count it.
    assert tuple(run_sql(RESERVED)[0]) == (0, 4)


def test_a_new_attempt_ends_the_step_of_the_one_before_it(run_sql):
    run_id = begin(run_sql, "running")
    assert run_sql(INTRODUCE, run_id) == [(True,)]
    assert run_sql("SELECT status FROM run_steps WHERE run_id = $1", run_id) == [("failed",)]
    assert run_sql("SELECT status FROM runs WHERE id = $1", run_id) == [("running",)]
    assert tuple(run_sql(RESERVED)[0]) == (0, 6)
