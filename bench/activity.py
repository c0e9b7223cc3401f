"""The activity page with 100,000 runs: the first rows, and every filter, one statement each."""

import asyncio
import json
import time
import urllib.parse
import urllib.request
from collections.abc import Sequence
from typing import Any

import asyncpg
from bench.data import fill
from bench.place import make_database, server

from bullpen.kit.database import Database
from bullpen.kit.postgres import EmbeddedPostgres
from bullpen.members.actor import Actor
from bullpen.runs.activity import ActivityFilter, list_activity

RUNS = 100_000
ROUNDS = 15
ACTOR = "user-1"
FIRST_MS, FILTER_MS = 1_000, 300
# Of 50 agents in 100 channels, over 50 days: one in twenty failed, and one in a thousand was
# answered by a rare model or cost much.
MADE = """
INSERT INTO runs (id, agent_id, channel_id, trigger_message_id, status, stop_reason, created_at,
                  started_at, completed_at, token_usage)
SELECT gen_random_uuid(), 'user-' || (1 + n % 50), m.channel_id, m.id,
       CASE WHEN n % 20 = 0 THEN 'failed' WHEN n % 500 = 1 THEN 'cancelled' ELSE 'completed' END,
       'end_turn', at, at, at + interval '4 seconds',
       '{"input_tokens": 3000, "output_tokens": 80}'
FROM generate_series(1, $1::int) n
CROSS JOIN LATERAL (SELECT now() - n * interval '43 seconds' AS at) moment
JOIN (SELECT row_number() OVER (ORDER BY created_at) AS place, id, channel_id FROM messages) m
    ON m.place = 1 + n % (SELECT count(*) FROM messages)
"""
DETAILS = """
INSERT INTO run_details (run_id, kind, cost_usd, problem)
SELECT id, 'message', CASE WHEN get_byte(uuid_send(id), 0) = 0 AND get_byte(uuid_send(id), 1) < 26
    THEN 2.0 ELSE 0.002 END, CASE WHEN status = 'failed' THEN 'The provider failed (500).' END
FROM runs
"""
STEPS = """
INSERT INTO run_steps (run_id, step_number, status, model_id, token_usage)
SELECT r.id, step, 'completed', CASE
    WHEN get_byte(uuid_send(r.id), 0) = 1 AND get_byte(uuid_send(r.id), 1) < 64 THEN 'rare-model'
    WHEN get_byte(uuid_send(r.id), 0) < 128 THEN 'model-a' ELSE 'model-b' END,
    '{"input_tokens": 1500, "output_tokens": 40}'
FROM runs r, generate_series(1, 2) step
"""
FIGURES = """
INSERT INTO run_figures
SELECT r.id, r.agent_id, r.channel_id, r.status, r.created_at,
       extract(epoch FROM r.completed_at - r.started_at), s.model_id, 3000, 1500, 80, d.cost_usd
FROM runs r JOIN run_details d ON d.run_id = r.id
JOIN run_steps s ON s.run_id = r.id AND s.step_number = 1
ORDER BY r.created_at
"""
POSTS = """
INSERT INTO run_posts (message_id, run_id)
SELECT DISTINCT ON (trigger_message_id) trigger_message_id, id FROM runs
"""
TABLES = "runs, run_details, run_steps, run_figures, run_posts, messages, channels, channel_members"
QUERIES: list[dict[str, str]] = [
    {},
    {"agentId": "user-7"},
    {"channelId": "channel-9"},
    {"modelId": "model-a"},
    {"modelId": "rare-model"},
    {"modelId": "no-model"},
    {"status": "failed"},
    {"status": "cancelled"},
    {"status": "running"},
    {"leastUsd": "1"},
    {"leastUsd": "50"},
    {"agentId": "user-7", "status": "cancelled"},
    {"agentId": "user-7", "channelId": "channel-9", "modelId": "rare-model"},
]
FIGURES_QUERIES: list[dict[str, str]] = [
    *({"by": by} for by in ("all", "agent", "model", "channel")),
    {"by": "all", "agentId": "user-7"},
    {"by": "all", "channelId": "channel-9"},
    {"by": "all", "modelId": "model-a"},
    {"by": "agent", "leastUsd": "0.001"},
]


class Counting:
    """Counts the statements of what it passes on."""

    def __init__(self, database: Database) -> None:
        self.statements = 0
        self._database = database

    async def fetch(self, sql: str, *values: Any) -> Sequence[asyncpg.Record]:
        self.statements += 1
        return await self._database.fetch(sql, *values)


async def fill_runs(url: str) -> None:
    await fill(url, 20_000)
    connection = await asyncpg.connect(url)
    # What triggers keep in step is made as it is here.
    await connection.execute("SET session_replication_role = replica")
    await connection.execute(MADE, RUNS)
    for statement in (DETAILS, STEPS, FIGURES, POSTS):
        await connection.execute(statement)
    await connection.execute(f"VACUUM ANALYZE {TABLES}")
    await connection.close()


async def statements(url: str) -> int:
    database = await Database.open(url)
    counting = Counting(database)
    try:
        await list_activity(counting, Actor(ACTOR), ActivityFilter(), before=None, limit=50)  # type: ignore[arg-type]
    finally:
        await database.close()
    return counting.statements


def activity(postgres: EmbeddedPostgres) -> None:
    url = make_database(postgres, "bench_activity")
    asyncio.run(fill_runs(url))
    slowest = {}
    with server(url, 1) as port:
        day = "2000-01-01T00:00:00Z"
        pages: list[dict[str, str]] = [*QUERIES, {"to": day}, {"from": day, "status": "failed"}]
        last = ask(port, {"limit": "200"})[1]["nextCursor"]
        for query in [*pages, {"before": last}]:
            taken = sorted(ask(port, query)[0] for _ in range(ROUNDS))
            name = urllib.parse.unquote_plus(urllib.parse.urlencode(query)) or "(first rows)"
            rows = len(ask(port, query)[1]["items"])
            slowest[name] = taken[-1]
            median, most = (one * 1000 for one in (taken[ROUNDS // 2], taken[-1]))
            print(f"  {name:60} {rows:3} rows {median:6.1f} ms, at most {most:6.1f} ms")
        figures = [figures_in(port, query) for query in FIGURES_QUERIES]
    first = slowest.pop("(first rows)")
    slow = max(slowest.values()) * 1000
    print(f"Activity of {RUNS:,} runs: first rows in {first * 1000:.0f} ms (target: {FIRST_MS})")
    print(f"Slowest filter: {slow:.0f} ms (target: {FILTER_MS})")
    print(f"Statements for a page: {asyncio.run(statements(url))} (target: 1)")
    print(f"Slowest figures for plots: {max(figures) * 1000:.0f} ms (target: {FILTER_MS})")


def figures_in(port: int, query: dict[str, str]) -> float:
    """The median time of some requests, in seconds."""
    taken = sorted(ask(port, query, "/figures")[0] for _ in range(ROUNDS))
    name = urllib.parse.unquote_plus(urllib.parse.urlencode(query))
    median, least = (one * 1000 for one in (taken[ROUNDS // 2], taken[0]))
    print(f"  figures {name:52} {median:6.1f} ms, at least {least:6.1f} ms")
    return taken[ROUNDS // 2]


def ask(port: int, query: dict[str, str], path: str = "") -> tuple[float, Any]:
    address = f"http://127.0.0.1:{port}/api/activity{path}?{urllib.parse.urlencode(query)}"
    request = urllib.request.Request(address, headers={"Bullpen-User": ACTOR})
    began = time.perf_counter()
    with urllib.request.urlopen(request) as answer:
        body = answer.read()
    return time.perf_counter() - began, json.loads(body)
