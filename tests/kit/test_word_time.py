"""No text keeps the database or a search busy: every kind of tests/cases/pathological.json, in
processor time."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import asyncpg
from tests.support.fixtures import complete
from tests.support.pathological import texts

from bullpen.chat.search import search
from bullpen.chat.search_query import parse_query
from bullpen.events.log import LOG_LOCK
from bullpen.kit.fulltext import LONGEST_SEARCH
from bullpen.members.actor import Actor
from bullpen.memory.archive import Search, search_archive

# What counts is 0.2, and `python -m bench pathological` prints it. A busy processor takes twice as
# long for the same.
MOST_SECONDS = 0.4
MICHAEL = Actor("michael")
PID = "SELECT pg_backend_pid()"
MESSAGE = "INSERT INTO messages (channel_id, user_id, text) VALUES ('general', 'michael', $1)"
PASSAGE = "INSERT INTO archival_passages (agent_id, content) VALUES ('toby', $1)"


def cpu_seconds_of(pid: int) -> float:
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def cpu_seconds(pid: int) -> float:
    """Of a process of Postgres, and of this one."""
    return cpu_seconds_of(pid) + time.process_time()


def queries(text: str) -> dict[str, str]:
    """Searches that may find the text: by its beginning, and by one that many words have."""
    beginning = text[:LONGEST_SEARCH]
    first = text.strip()[:1]
    return {"beginning": beginning, "one character": f"{first}*" if first.isalnum() else first}


async def slow_places(
    connection: asyncpg.Connection, text: str, in_archive: bool
) -> dict[str, float]:
    pid = await connection.fetchval(PID)
    places: dict[str, Callable[[], Coroutine[Any, Any, Any]]] = {
        "message": lambda: connection.execute(MESSAGE, text)
    }
    for name, query in queries(text).items():
        places[f"search: {name}"] = lambda query=query: search(
            connection,
            MICHAEL,
            parse_query(query, "michael"),
            sort="relevance",
            limit=20,
            cursor=None,
        )
    if in_archive:
        places["passage"] = lambda: connection.execute(PASSAGE, text)
        for name, query in queries(text).items():
            places[f"archive: {name}"] = lambda query=query: search_archive(
                connection, MICHAEL, "toby", Search(q=query)
            )
    slow = {}
    for place, call in places.items():
        before = cpu_seconds(pid)
        await call()
        taken = cpu_seconds(pid) - before
        if taken > MOST_SECONDS:
            slow[place] = taken
    return slow


async def slow_texts(url: str) -> dict[str, dict[str, float]]:
    """Each is posted, looked for, and taken back; some are also kept in an archive."""
    connection = await asyncpg.connect(url)
    slow = {}
    try:
        for number, (name, text) in enumerate(texts().items()):
            transaction = connection.transaction()
            await transaction.start()
            if found := await slow_places(connection, text, in_archive=number % 5 == 0):
                slow[name] = found
            await transaction.rollback()
    finally:
        await connection.close()
    return slow


def test_no_text_keeps_the_database_or_a_search_busy(shared_url: str):
    assert complete(slow_texts(shared_url)) == {}


WAITS = "SELECT count(*) FROM pg_locks WHERE pid = $1 AND locktype = 'advisory' AND NOT granted"
POST = """
SELECT message_id FROM post_messages(
    ARRAY[gen_random_uuid()], ARRAY['general'], ARRAY[NULL::uuid], ARRAY['jim'], ARRAY[$1],
    ARRAY['{}'::json]
)
"""
IS_SPLIT = """
SELECT words = message_words_of(m.text, m.user_id, m.channel_id)
FROM messages m JOIN message_words w ON w.message_id = m.id WHERE m.id = $1
"""


async def work_around_the_lock(url: str, text: str) -> tuple[float, float]:
    """Seconds that a post works before it waits for the log lock, and when it has got it."""
    holder, poster = await asyncpg.connect(url), await asyncpg.connect(url)
    try:
        pid = await poster.fetchval(PID)
        async with poster.transaction():
            await poster.fetchval(POST, "paper")
        async with holder.transaction():
            await holder.execute("SELECT pg_advisory_xact_lock($1)", LOG_LOCK)
            begun = cpu_seconds_of(pid)
            posted = asyncio.create_task(poster.fetchval(POST, text))
            while not await holder.fetchval(WAITS, pid):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0)
            waits = cpu_seconds_of(pid)
        message = await posted
        done = cpu_seconds_of(pid)
        assert await holder.fetchval(IS_SPLIT, message)
    finally:
        await holder.close()
        await poster.close()
    return waits - begun, done - waits


def test_a_long_message_is_split_before_anybody_waits_for_it(url: str):
    before, after = complete(work_around_the_lock(url, "\u0e2a\u0e27\u0e31" * 13_000))
    assert after < before
