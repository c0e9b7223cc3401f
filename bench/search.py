"""Twenty searches in 1,000,000 messages, by somebody who may not read all of them."""

import asyncio
import json
import time
import urllib.parse
import urllib.request

import asyncpg
from bench.data import WORDS, fill
from bench.place import make_database, server

from bullpen.kit.postgres import EmbeddedPostgres

MESSAGES = 1_000_000
ROUNDS = 3
QUERIES = [
    *("word1", "word2", "word40", "word900", "word4999", "nothing"),
    *("word1 word2", "word3 word700", "word4000 word4500", '"word1 word2"', "word5 -word1"),
    *("word1 from:user-7", "word30 from:me", "word2 in:channel-5", "word2000 in:channel-4"),
    *(
        "word1 has:reaction",
        "word3 has:thread",
        "word4000 has:thread",
        '"word1 word2" has:thread',
        "word1 has:link",
        "word10 before:2026-01-01",
        "word7 after:2020-01-01",
    ),
    "from:user-3 has:reaction",
]
# Half of the private channels are not theirs.
LEAVE = """
DELETE FROM channel_members m USING channels c
WHERE m.channel_id = c.id AND c.kind = 'private' AND m.user_id = 'user-1'
  AND substr(c.id, 9)::int % 8 = 0
"""
HIDDEN = {f"channel-{number}" for number in range(8, 101, 8)}


SIZES = """
SELECT c.relname, pg_size_pretty(pg_relation_size(c.oid)) FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
WHERE c.relname ~ '^(ix_|pk_)?(messages|message_words)' ORDER BY pg_relation_size(c.oid) DESC
"""


async def leave(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(LEAVE)
    for name, size in await connection.fetch(SIZES):
        print(f"  {name:28} {size}")
    await connection.close()


def search(postgres: EmbeddedPostgres) -> None:
    url = make_database(postgres, "bench_search")
    begun = time.perf_counter()
    asyncio.run(fill(url, MESSAGES, WORDS))
    print(f"{MESSAGES:,} messages and their replies in {time.perf_counter() - begun:.0f} s")
    asyncio.run(leave(url))
    taken: list[float] = []
    with server(url, 1) as port:
        for sort in ("relevance", "newest"):
            for query in QUERIES:
                each = sorted(ask(port, query, sort) for _ in range(ROUNDS))
                taken += each
                print(f"  {sort:9} {query:26} {each[ROUNDS // 2] * 1000:7.1f} ms")
    taken.sort()
    median, p99 = taken[len(taken) // 2] * 1000, taken[int(len(taken) * 0.99)] * 1000
    print(f"Search in {MESSAGES:,} messages: median {median:.0f} ms, p99 {p99:.0f} ms")


def ask(port: int, query: str, sort: str) -> float:
    params = urllib.parse.urlencode({"q": query, "sort": sort})
    begun = time.perf_counter()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/search?{params}") as answer:
        found = json.load(answer)
    taken = time.perf_counter() - begun
    assert not HIDDEN & {hit["channelId"] for hit in found["hits"]}, "not theirs to read"
    return taken
