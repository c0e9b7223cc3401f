"""Search in an agent's archive: 100,000 passages beside 1,000, in the same database."""

import asyncio
import json
import time
import urllib.parse
import urllib.request

import asyncpg
from bench.data import WORDS, fill
from bench.place import make_database, server

from bullpen.kit.postgres import EmbeddedPostgres

SIZES = (1_000, 100_000)
ROUNDS = 15
# What both archives hold, so that each question has an answer in either.
QUERIES: list[dict[str, str]] = [
    {},
    {"tags": "tag-3"},
    {"q": "word1"},
    {"q": "word40"},
    {"q": "word900"},
    {"q": "word1 word2"},
    {"q": '"word1 word2"'},
    {"q": "word5 -word1"},
    {"q": "word49*"},
    {"q": "word30", "tags": "tag-3"},
    {"q": "ord12"},
    {"q": "nothing"},
]
PASSAGES = f"""
INSERT INTO archival_passages (agent_id, content, tags, created_at)
SELECT $2, {WORDS}, ARRAY['tag-' || n % 10, 'all'], now() - n * interval '1 minute'
FROM generate_series(1, $1::int) n
"""


def agent_of(size: int) -> str:
    return f"user-{SIZES.index(size) + 1}"


async def fill_archives(url: str) -> None:
    await fill(url, 1_000)
    connection = await asyncpg.connect(url)
    for size in SIZES:
        await connection.execute(PASSAGES, size, agent_of(size))
    await connection.execute("VACUUM ANALYZE archival_passages, archival_words")
    await connection.close()


def archive(postgres: EmbeddedPostgres) -> None:
    url = make_database(postgres, "bench_archive")
    asyncio.run(fill_archives(url))
    medians: dict[int, list[float]] = {size: [] for size in SIZES}
    with server(url, 1) as port:
        for query in QUERIES:
            taken: dict[int, list[float]] = {size: [] for size in SIZES}
            for _ in range(ROUNDS):
                for size in SIZES:
                    taken[size].append(ask(port, agent_of(size), query))
            for size in SIZES:
                medians[size].append(sorted(taken[size])[ROUNDS // 2])
            small, large = (medians[size][-1] * 1000 for size in SIZES)
            asked = urllib.parse.unquote_plus(urllib.parse.urlencode(query)) or "(newest)"
            print(f"  {asked:28} {small:6.1f} ms {large:6.1f} ms")
    small, large = (sorted(medians[size])[len(QUERIES) // 2] * 1000 for size in SIZES)
    print(f"Archive search, median: {small:.1f} ms of 1,000, {large:.1f} ms of 100,000 passages")
    print(f"Ratio: {large / small:.2f} (target: at most 3)")


def ask(port: int, agent_id: str, query: dict[str, str]) -> float:
    params = urllib.parse.urlencode(query)
    address = f"http://127.0.0.1:{port}/api/agents/{agent_id}/archival?{params}"
    begun = time.perf_counter()
    with urllib.request.urlopen(address) as answer:
        json.load(answer)
    return time.perf_counter() - begun
