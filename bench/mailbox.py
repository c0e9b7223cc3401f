"""Runs a second, and how long each waited, beside Procrastinate with one lock per agent.

Ours reads what the run is about, records one step of a model that answers at once with its exact
request, and tells all of it in the log of events; Procrastinate's job does nothing at all.
"""

import asyncio
import multiprocessing
import os
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import asyncpg
import procrastinate
import uvloop
from bench.place import make_database
from procrastinate.schema import SchemaManager

from bullpen.agents.prompt.build import Prompt
from bullpen.agents.run_context import RunContext
from bullpen.agents.runtimes.base import Recorder, RunRequest, RunResult, Runtime, Usage
from bullpen.agents.tools.base import Tool
from bullpen.kit.database import Database
from bullpen.kit.postgres import EmbeddedPostgres
from bullpen.processes.process_config import WorkerConfig
from bullpen.processes.worker_main import run_worker

PROCESSES = 4
SECONDS = 15
BACKLOG = 3_000
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
POST = """
SELECT post_messages(
    array_agg(id), array_agg('dm-' || n), array_fill(NULL::uuid, ARRAY[count(*)::int]),
    array_agg('person'::text), array_agg('Hello'::text), array_agg('{}'::json),
    array_agg(id), array_agg('agent-' || n), array_fill(0::smallint, ARRAY[count(*)::int])
) FROM (SELECT n, gen_random_uuid() AS id FROM unnest($1::int[]) n) new
"""
FILL = """
WITH made AS (
    INSERT INTO agents (id, display_name, title, avatar_color, system_prompt)
    SELECT 'agent-' || n, 'Agent ' || n, 'Agent', '#445566', 'Answer.'
    FROM generate_series(1, $1::int) n RETURNING 1
), person AS (
    INSERT INTO agents (id, display_name, title, avatar_color, system_prompt)
    VALUES ('person', 'Person', 'Person', '#445566', 'None.')
), channels AS (
    INSERT INTO channels (id, name, kind)
    SELECT 'dm-' || n, 'dm-' || n, 'dm' FROM generate_series(1, $1::int) n
)
INSERT INTO channel_members (channel_id, user_id)
SELECT 'dm-' || n, who FROM generate_series(1, $1::int) n,
    LATERAL (VALUES ('person'), ('agent-' || n)) members (who)
"""


class AtOnce(Runtime):
    async def run(self, spec: RunRequest, recorder: Recorder) -> RunResult:
        await recorder.turn_started("scripted", {"prompt": spec.prompt})
        await recorder.turn_ended(Usage(1, 1), 0.0, None)
        return RunResult("end_turn")


class BenchMind:
    tools: Sequence[Tool[Any]] = ()

    async def runtime_for(self, model_id: str) -> tuple[Runtime, str]:
        return AtOnce(), model_id

    async def build_prompt(self, _: Database, __: RunContext, ___: datetime) -> Prompt:
        return Prompt("Answer.", "Hello")


def work_here(url: str, until: float) -> None:
    async def main() -> None:
        stopping = asyncio.Event()
        asyncio.get_running_loop().call_later(until - time.time(), stopping.set)
        await run_worker(WorkerConfig(url), stopping, lambda: None, lambda _: BenchMind())

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())


def procrastinate_here(url: str, until: float) -> None:
    async def main() -> None:
        app = make_app(url)
        async with app.open_async():
            task = asyncio.create_task(
                app.run_worker_async(concurrency=16, install_signal_handlers=False)
            )
            await asyncio.sleep(until - time.time())
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def make_app(conninfo: str) -> procrastinate.App:
        app = procrastinate.App(
            connector=procrastinate.PsycopgConnector(conninfo=conninfo, max_size=10)
        )
        app.task(name="answer", pass_context=False)(answer)
        return app

    asyncio.run(main())


async def answer(n: int) -> None:
    """A model that answers at once."""


def measure(url: str, here: Callable[[str, float], None], seconds: float = SECONDS) -> None:
    until = time.time() + seconds
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=here, args=(url, until)) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(seconds + 30)


async def sql(url: str, statement: str, *args: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch(statement, *args)  # type: ignore[no-any-return]
    finally:
        await connection.close()


# A run each, as messages in as many conversations would make.
ASK = """
WITH made AS (
    INSERT INTO runs (agent_id, created_at)
    SELECT 'agent-' || (n % $1::int + 1), clock_timestamp() FROM generate_series(1, $2::int) n
    RETURNING id, agent_id, created_at
), details AS (
    INSERT INTO run_details (run_id, kind) SELECT id, 'again' FROM made
)
INSERT INTO mailbox (run_id, agent_id, priority, queued_at)
SELECT id, agent_id, 1, created_at FROM made
"""
DONE = """
SELECT count(*)::int, extract(epoch FROM max(completed_at) - min(started_at))::float8
FROM runs WHERE status = 'completed' AND agent_id LIKE 'agent-%'
"""
DEFER = """
INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args, status)
SELECT 'default', 'answer', 'agent-' || (n % $1::int + 1), jsonb_build_object('n', n), 'todo'
FROM generate_series(1, $2::int) n
"""
DEFERRED = """
SELECT count(*)::int, extract(epoch FROM max(e.at) - min(s.at))::float8
FROM procrastinate_jobs j
JOIN procrastinate_events s ON s.job_id = j.id AND s.type = 'started'
JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'succeeded'
WHERE j.status = 'succeeded'
"""


def rate(row: asyncpg.Record) -> float:
    return row[0] / row[1] if row[1] else 0.0


def mailbox(postgres: EmbeddedPostgres) -> None:
    for agents in (16, 1000):
        ours, theirs = [], []
        for turn in range(ROUNDS):
            url = make_database(postgres, f"bench_mailbox_{agents}_{turn}")
            asyncio.run(sql(url, FILL, agents))
            asyncio.run(install_procrastinate(url))
            asyncio.run(sql(url, ASK, agents, BACKLOG))
            measure(url, work_here)
            ours.append(rate(asyncio.run(sql(url, DONE))[0]))
            asyncio.run(sql(url, DEFER, agents, BACKLOG))
            measure(url, procrastinate_here)
            theirs.append(rate(asyncio.run(sql(url, DEFERRED))[0]))
            print(
                f"{agents} agents: {ours[-1]:,.0f} runs/s, Procrastinate {theirs[-1]:,.0f} jobs/s"
            )
        print(f"{agents} agents: {compared(ours, theirs)}")
        url = make_database(postgres, f"bench_mailbox_wait_{agents}")
        asyncio.run(sql(url, FILL, agents))
        print(f"{agents} agents, a steady stream: {waits(url, agents)}")


def compared(ours: Sequence[float], theirs: Sequence[float]) -> str:
    """Of rounds in which Procrastinate, too, had time to begin: a busy machine starts it late."""
    ratios = [a / b for a, b in zip(ours, theirs, strict=True) if b > 0]
    if not ratios:
        return f"no comparison, since Procrastinate finished no jobs within {SECONDS} seconds"
    return f"{statistics.median(ratios):.1f} times its rate (target: at least 3)"


LISTENING = """
SELECT count(*) FROM pg_stat_activity
WHERE query LIKE 'LISTEN%bullpen_mailbox%' AND datname = current_database()
"""


def waits(url: str, agents: int, every: float = 0.02) -> str:
    async def stream() -> None:
        connection = await asyncpg.connect(url)
        number = 0
        while await connection.fetchval(LISTENING) < PROCESSES:  # noqa: ASYNC110 - the database's
            await asyncio.sleep(0.1)
        until = time.time() + SECONDS / 2
        while time.time() < until:
            number += 1
            await connection.execute(POST, [number % agents + 1])
            await asyncio.sleep(every)
        await connection.close()

    begin = multiprocessing.get_context("spawn").Process(
        target=measure, args=(url, work_here, 2 * SECONDS)
    )
    begin.start()
    asyncio.run(stream())
    begin.join()
    rows = asyncio.run(
        sql(
            url,
            "SELECT extract(epoch FROM started_at - created_at)::float8 FROM runs"
            " WHERE started_at IS NOT NULL ORDER BY 1",
        )
    )
    times = [row[0] * 1000 for row in rows]
    if not times:
        return "nothing was answered"
    p99 = times[int(len(times) * 0.99)]
    return (
        f"{len(times)} runs, from the message to their start {statistics.median(times):.0f} ms, "
        f"p99 {p99:.0f} ms"
    )


async def install_procrastinate(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(SchemaManager.get_schema())
    await connection.close()
