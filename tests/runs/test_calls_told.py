"""When others are told of a tool call: when its transaction ends, and before the run's end."""

import json

from tests.support.asking import post, settled
from tests.support.fixtures import complete
from tests.support.minds import SmallMind, working
from tests.support.program import until
from tests.support.runs_under_way import begin

from bullpen.kit.database import connect
from bullpen.runs.mailbox import LOCK_CLAIM
from bullpen.runs.trace_privacy import note_private_source

CALL = """
SELECT record_call($1, id, gen_random_uuid(), 'Done.', 'do_nothing', 1, 0)
FROM run_steps WHERE run_id = $1
"""
LOG_IS_HELD = """
SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory' AND granted
"""
TOLD = "SELECT kind, payload::text FROM events WHERE id > $1 ORDER BY id"
NEWEST = "SELECT COALESCE(max(id), 0) FROM events"
LASTING = "SELECT current_setting('synchronous_commit')"


def told_since(run_sql, newest: int) -> list[tuple[str, str | None]]:
    """Each event's kind, and of a run its status."""
    events = [(kind, json.loads(payload)) for kind, payload in run_sql(TOLD, newest)]
    return [(kind, payload.get("run", {}).get("status")) for kind, payload in events]


def test_a_call_takes_the_log_lock_only_when_its_transaction_ends(run_sql, url: str):
    run_id = begin(run_sql, "running")
    [(newest,)] = run_sql(NEWEST)

    async def call() -> None:
        connection = await connect(url, pooled=False)
        async with connection.transaction():
            await connection.execute(CALL, run_id)
            assert await connection.fetch(LOG_IS_HELD) == []
        await connection.close()

    complete(call())
    assert told_since(run_sql, newest) == [("run.changed", "running")]


def test_a_call_whose_transaction_is_undone_is_not_told_of(run_sql, url: str):
    run_id = begin(run_sql, "running")
    [(newest,)] = run_sql(NEWEST)

    async def call() -> None:
        connection = await connect(url, pooled=False)
        undone = connection.transaction()
        await undone.start()
        await connection.execute(CALL, run_id)
        await undone.rollback()
        await connection.close()

    complete(call())
    assert told_since(run_sql, newest) == []


def test_a_run_is_told_of_in_the_order_call_then_end(run_sql, url: str):
    [(newest,)] = run_sql(NEWEST)
    with working(url, SmallMind()):
        post(run_sql, "michael", "dm-michael-toby", "Toby?")
        until(lambda: settled(run_sql))
    told = told_since(run_sql, newest)
    answered = max(place for place, (kind, _) in enumerate(told) if kind == "message.created")
    assert told[answered + 1] == ("run.changed", "running")
    assert told[-2:] == [("run.changed", "completed"), ("agent.done", None)]
    assert [status for kind, status in told if kind == "run.changed"].count("completed") == 1


def test_a_run_that_ends_with_its_call_is_never_told_of_as_under_way_again(run_sql, url: str):
    run_id = begin(run_sql, "running")
    [(newest,)] = run_sql(NEWEST)

    async def call() -> None:
        connection = await connect(url, pooled=False)
        async with connection.transaction():
            await connection.execute(CALL, run_id)
            await connection.execute(
                "SELECT settle_run($1, 'test', 1, 'completed', 'end_turn', NULL)", run_id
            )
        await connection.close()

    complete(call())
    told = told_since(run_sql, newest)
    assert {status for kind, status in told if kind == "run.changed"} == {"completed"}


def test_that_a_run_has_read_private_words_waits_for_the_disk(run_sql, url: str):
    """Where it might be forgotten, the run could write those words where others read them."""
    run_id = begin(run_sql, "running")

    async def read(*channels: str) -> str:
        connection = await connect(url, pooled=False)
        try:
            async with connection.transaction():
                await connection.execute(LOCK_CLAIM, run_id, "test", 1, False)
                await note_private_source(connection, run_id, channels)
                return await connection.fetchval(LASTING)
        finally:
            await connection.close()

    usual = run_sql(LASTING)[0][0]
    assert (complete(read()), complete(read("management"))) == ("off", usual)
    assert usual != "off"
