"""What a step costs beside its model: processor time, and how it grows with an agent's past."""

import asyncio
import statistics
import time
from datetime import UTC, datetime

import asyncpg
from bench.mailbox import FILL, POST, sql
from bench.place import make_database

from bullpen.agents.responder import WorkspaceResponder
from bullpen.agents.runner import execute_run
from bullpen.agents.runtimes.base import Recorder, RunRequest, RunResult, Runtime, Usage
from bullpen.kit.database import Database
from bullpen.kit.postgres import EmbeddedPostgres
from bullpen.runs.mailbox import claim

STEPS = 200
ROUNDS = 5
PAST = """
WITH said AS (
    INSERT INTO messages (channel_id, user_id, text, created_at)
    SELECT $1, $2, 'Words about paper, and number ' || n, now() - ($3 - n) * interval '1 minute'
    FROM generate_series(1, $3::int) n
)
INSERT INTO archival_passages (agent_id, content, created_at)
SELECT $2, 'A passage about paper, and number ' || n, now() - ($3 - n) * interval '1 minute'
FROM generate_series(1, $3::int) n
"""


class AtOnce(Runtime):
    async def run(self, spec: RunRequest, recorder: Recorder) -> RunResult:
        request = {"instructions": spec.instructions, "prompt": spec.prompt}
        await recorder.turn_started("scripted", request)
        await recorder.call("do_nothing", {"reason": "nothing to add"}, "1")
        await recorder.turn_ended(Usage(1, 1), 0.0, None)
        return RunResult("end_turn")


async def take_steps(url: str, agent: int, number: int) -> tuple[float, float]:
    """Seconds, and processor seconds of this process, for each run of one step."""
    database = await Database.open(url)

    async def runtime_for(model_id: str) -> tuple[Runtime, str]:
        return AtOnce(), model_id

    mind = WorkspaceResponder(runtime_for)
    connection: asyncpg.Connection = await asyncpg.connect(url)
    times, processor = [], 0.0
    for _ in range(number):
        await connection.execute(POST, [agent])
        begin, used = time.perf_counter(), time.process_time()
        [claimed] = await claim(database, "bench", 1)
        await execute_run(database, mind, claimed, lambda: datetime.now(UTC))
        times.append(time.perf_counter() - begin)
        processor += time.process_time() - used
    await connection.close()
    await database.close()
    return statistics.median(times), processor / number


async def past(url: str, agent: int, number: int) -> None:
    await sql(url, PAST, f"dm-{agent}", f"agent-{agent}", number)
    await sql(url, "VACUUM ANALYZE")


def steps(postgres: EmbeddedPostgres) -> None:
    url = make_database(postgres, "bench_steps")
    asyncio.run(sql(url, FILL, 16))
    asyncio.run(past(url, 1, 10))
    asyncio.run(past(url, 2, 100_000))
    asyncio.run(take_steps(url, 3, 20))
    ratios, costs = [], []
    for _ in range(ROUNDS):
        small, cost = asyncio.run(take_steps(url, 1, STEPS // ROUNDS))
        large, _ = asyncio.run(take_steps(url, 2, STEPS // ROUNDS))
        ratios.append(large / small)
        costs.append(cost)
    print(
        f"Processor time of a step without its model: {statistics.median(costs) * 1000:.1f} ms "
        "(target: at most 15)"
    )
    print(
        "With 100,000 passages and 100,000 messages, times the duration with 10 of each: "
        f"{statistics.median(ratios):.2f} (target: at most 1.2)"
    )
