"""Claims beside others who hold the log lock: they wait only where they may begin something, and
then begin nothing that was ended, paused or taken while they waited."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from tests.support.asking import post
from tests.support.fixtures import complete
from tests.support.program import until
from tests.support.runs_under_way import AGENT, CHANNEL, begin

from bullpen.events.log import LOG_LOCK
from bullpen.kit.database import Database
from bullpen.runs.mailbox import FLOOD, Claim, claim

HOLD_LOG = "SELECT pg_advisory_xact_lock($1)"
WAITING = """
SELECT FROM pg_stat_activity WHERE datname = current_database()
AND wait_event_type = 'Lock' AND query LIKE '%claim_runs%'
"""
PRESSING = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock'"
STATUS = "SELECT status FROM runs WHERE id = $1"
OTHERS = """
WITH run AS (
    INSERT INTO runs (agent_id, channel_id) VALUES ($1, $2) RETURNING id
), details AS (
    INSERT INTO run_details (run_id, kind) SELECT id, 'message' FROM run
)
INSERT INTO mailbox (run_id, agent_id, channel_id, priority)
SELECT id, $1, $2, 0 FROM run RETURNING run_id
"""
# What may happen while a claim waits, after which the run that it has found may not begin.
PAUSE = "INSERT INTO pauses (agent_id, channel_id, paused_by, reason) VALUES"
CHANGES = {
    "workspace paused": f"{PAUSE} (NULL, NULL, 'michael', '')",
    "agent paused": f"{PAUSE} ('{AGENT}', NULL, 'michael', '')",
    "channel paused": f"{PAUSE} (NULL, '{CHANNEL}', 'michael', '')",
    "agent inactive": f"UPDATE agents SET is_active = false WHERE id = '{AGENT}'",
    "agent external": f"INSERT INTO external_agents (agent_id) VALUES ('{AGENT}')",
    "run ended": "SELECT end_runs(ARRAY(SELECT id FROM runs), 'cancelled', 'cancelled')",
    "run deleted": "DELETE FROM runs",
    "agent busy": f"""
        INSERT INTO runs (agent_id, status, started_at) VALUES ('{AGENT}', 'running', now())
    """,
    "conversation busy": f"""
        WITH run AS (
            INSERT INTO runs (agent_id, channel_id, status, started_at)
            VALUES ('pam', '{CHANNEL}', 'running', now()) RETURNING id
        )
        INSERT INTO mailbox (run_id, agent_id, channel_id, priority, worker, lease_until)
        SELECT id, 'pam', '{CHANNEL}', 0, 'other', clock_timestamp() + interval '6 seconds' FROM run
    """,
}


async def claim_while_held(url: str, meanwhile: Callable[[Any], Any], most: int = 5) -> list[UUID]:
    """What a claim begins that waits for the log lock while its holder does something."""
    database = await Database.open(url)
    try:
        async with database.transaction() as holder:
            await holder.execute(HOLD_LOG, LOG_LOCK)
            looking = asyncio.create_task(claim(database, "worker", most))
            while not await database.fetch(WAITING):
                assert not looking.done(), "it did not wait for the log lock"
                await asyncio.sleep(0)
            await meanwhile(holder)
        return [one.run_id for one in await looking]
    finally:
        await database.close()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_claim_that_waits_begins_nothing_that_may_not_begin_any_more(
    run_sql, url: str, change: str
):
    run_sql("DELETE FROM runs")
    begin(run_sql, "created")
    assert complete(claim_while_held(url, lambda holder: holder.execute(change))) == []
    assert run_sql("SELECT FROM mailbox WHERE worker = 'worker'") == []


def test_a_claim_that_waits_takes_what_another_one_has_left(run_sql, url: str):
    """The other one takes all that this one saw; a run that came later is begun."""
    run_sql("DELETE FROM runs")
    begin(run_sql, "created")
    later: list[UUID] = []

    async def meanwhile(holder: Any) -> None:
        taken = await holder.fetch("SELECT * FROM claim_runs('other', 1, interval '6 seconds')")
        assert len(taken) == 1
        later.append(await holder.fetchval(OTHERS, "kevin", "accounting"))

    assert complete(claim_while_held(url, meanwhile)) == later


def test_a_claim_that_waits_goes_on_with_a_run_only_as_long_as_nobody_else_has_it(
    run_sql, url: str
):
    """Its lease had run out, and its worker came back in time."""
    run_sql("DELETE FROM runs")
    run_id = begin(run_sql, "running")
    run_sql("UPDATE mailbox SET lease_until = '-infinity' WHERE run_id = $1", run_id)
    renewed = "UPDATE mailbox SET lease_until = clock_timestamp() + interval '6 seconds'"
    assert complete(claim_while_held(url, lambda holder: holder.execute(renewed))) == []
    assert run_sql("SELECT worker FROM mailbox") == [("test",)]


def test_a_pause_that_is_pressed_while_a_claim_waits_takes_back_what_it_begins(
    acting, run_sql, url: str
):
    run_sql("DELETE FROM runs")
    run_id = begin(run_sql, "created")
    michael = acting("michael")

    with ThreadPoolExecutor(1) as pool:
        pressing = []

        async def meanwhile(_: Any) -> None:
            pressing.append(pool.submit(michael.post, "/api/pauses", json={}))
            # It waits for the claim.
            waiting = f"{PRESSING} AND NOT granted AND objid <> $1::bigint::oid"
            until(lambda: run_sql(waiting, LOG_LOCK & 0xFFFFFFFF))

        complete(claim_while_held(url, meanwhile))
        assert pressing[0].result().status_code == 201
    assert run_sql(STATUS, run_id) == [("created",)]
    assert run_sql("SELECT worker FROM mailbox") == [(None,)]


@pytest.mark.parametrize("waiting", ["nothing", "of a busy agent", "paused"])
def test_a_claim_that_can_begin_nothing_does_not_wait_for_the_log_lock(
    run_sql, url: str, waiting: str
):
    run_sql("DELETE FROM runs")
    if waiting != "nothing":
        begin(run_sql, "created")
    if waiting == "of a busy agent":
        run_id = begin(run_sql, "running", "accounting")
        leased = "clock_timestamp() + interval '6 seconds'"
        run_sql(f"UPDATE mailbox SET lease_until = {leased} WHERE run_id = $1", run_id)
    if waiting == "paused":
        run_sql("INSERT INTO pauses (paused_by, reason) VALUES ('michael', '')")

    async def look() -> list[Claim]:
        database = await Database.open(url)
        try:
            async with database.transaction() as holder:
                await holder.execute(HOLD_LOG, LOG_LOCK)
                return await asyncio.wait_for(claim(database, "worker", 5), 15)
        finally:
            await database.close()

    assert complete(look()) == []


async def claimed(url: str, resting: list[str]) -> list[Claim]:
    database = await Database.open(url)
    try:
        return await claim(database, "worker", 5, resting)
    finally:
        await database.close()


def test_nothing_begins_in_a_conversation_that_rests(run_sql, url: str):
    run_sql("DELETE FROM runs")
    run_id = begin(run_sql, "created")
    root = post(run_sql, "oscar", "accounting", "Root")
    run_sql("DELETE FROM runs WHERE id <> $1", run_id)
    in_thread = run_sql(OTHERS, "kevin", "accounting")[0][0]
    run_sql("UPDATE mailbox SET thread_id = $1 WHERE run_id = $2", root, in_thread)
    resting = [CHANNEL, f"accounting/{root}"]
    assert complete(claimed(url, resting)) == []
    # A channel and the threads in it are conversations of their own.
    found = complete(claimed(url, [CHANNEL, "accounting"]))
    assert [one.run_id for one in found] == [in_thread]
    assert [one.run_id for one in complete(claimed(url, []))] == [run_id]


@pytest.mark.parametrize(("messages", "flooded"), [(FLOOD - 1, None), (FLOOD, CHANNEL)])
def test_a_claim_says_where_more_is_asked_than_agents_can_follow(
    run_sql, url: str, messages: int, flooded: str | None
):
    run_sql("DELETE FROM runs")
    run_id = begin(run_sql, "created")
    for number in range(messages):
        post(run_sql, "jim", CHANNEL, f"@{AGENT} {number}")
    run_sql("DELETE FROM runs WHERE id <> $1", run_id)
    assert [one.flooded for one in complete(claimed(url, []))] == [flooded]
