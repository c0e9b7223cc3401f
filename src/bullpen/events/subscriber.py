"""Reads the log as it grows: notified by the database, and by polling."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import asyncpg
from asyncpg import Record

from bullpen.events.durability import DURABLE
from bullpen.events.log import NOTIFICATIONS, PARTIAL_ANSWERS
from bullpen.kit.database import Database
from bullpen.kit.errors import DatabaseUnavailable
from bullpen.kit.pg_listen import listen

# Notifications can be lost with their connection, so it looks all the same.
POLL_SECONDS = 2.0
POLL_SECONDS_UNNOTIFIED = 0.25
AGAIN_SECONDS = 0.5
AT_ONCE = 500
LARGEST = 2**63 - 1
# What comes in quick succession is read together.
PAUSE_SECONDS = 0.002

READ = f"""
WITH read AS MATERIALIZED (
    SELECT id, kind, channel_id, user_ids, payload::text FROM events
    WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3
), durable AS MATERIALIZED (
    SELECT ({DURABLE}) WHERE EXISTS (SELECT FROM read)
)
SELECT read.* FROM read, durable ORDER BY id
"""

LAG = "SELECT count(*) FROM (SELECT FROM events WHERE id > $1 LIMIT 100000) unread"

log = logging.getLogger(__name__)


class LogSubscriber:
    """`known` is the newest number that `deliver` has been given; each event comes once.

    It and everything before it is durable: the database can die and still have it.
    """

    def __init__(
        self,
        database: Database,
        unpooled_url: str | None,
        known: int,
        deliver: Callable[[Sequence[Record]], None],
        look_at_answers: Callable[[bool], Awaitable[float | None]] | None = None,
    ) -> None:
        """`look_at_answers`: reads what agents are writing (decision 0031) after the events, so
        that a part of a message never comes after the message. Its argument: whether something may
        have changed, and answers in how many seconds it wants to look again."""
        self._look_at_answers = look_at_answers
        self._answers_changed = False
        self.known = known
        self._database = database
        self._url = unpooled_url
        self._deliver = deliver
        self._news = asyncio.Event()
        self._is_listening = False
        self._reading = asyncio.Lock()

    async def lag(self) -> int:
        """How many stored events have not been delivered here; not more than are worth counting."""
        row = await self._database.fetch_one(LAG, self.known)
        assert row is not None
        return int(row[0])

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._look())
            if self._url is not None:
                group.create_task(listen(self._url, NOTIFICATIONS, self._hear, self._set_listening))

    async def catch_up(self, number: int = LARGEST) -> None:
        """As far as the number, if there is as much."""
        async with self.at_rest() as read_until:
            await read_until(number)

    @asynccontextmanager
    async def at_rest(self) -> AsyncIterator[Callable[[int], Awaitable[None]]]:
        """Nothing is read meanwhile but what is asked for."""
        async with self._reading:
            yield self._read_until

    async def _read_until(self, number: int) -> None:
        more = self.known < number
        while more:
            rows = await self._database.write(READ, self.known, number, AT_ONCE)
            if rows:
                self._deliver(rows)
                self.known = rows[-1][0]
            more = len(rows) == AT_ONCE

    async def _look(self) -> None:
        while True:
            try:
                async with asyncio.timeout(
                    POLL_SECONDS if self._is_listening else POLL_SECONDS_UNNOTIFIED
                ):
                    await self._news.wait()
            except TimeoutError:
                self._answers_changed = True
            self._news.clear()
            try:
                async with self.at_rest() as read_until:
                    await read_until(LARGEST)
                    await self._read_answers()
                await asyncio.sleep(PAUSE_SECONDS)
            except DatabaseUnavailable:
                await asyncio.sleep(AGAIN_SECONDS)
            except asyncpg.PostgresError:
                # `db reset` takes the table away for a moment.
                log.exception("could not read the events")
                await asyncio.sleep(AGAIN_SECONDS)

    async def _read_answers(self) -> None:
        if self._look_at_answers is None:
            return
        changed, self._answers_changed = self._answers_changed, False
        again = await self._look_at_answers(changed)
        if again is not None:
            asyncio.get_running_loop().call_later(again, self._news.set)

    def _hear(self, payload: str) -> None:
        self._answers_changed |= payload == PARTIAL_ANSWERS
        self._news.set()

    def _set_listening(self, is_listening: bool) -> None:
        self._is_listening = is_listening
        if is_listening:
            # For what came while nobody listened.
            self._answers_changed = True
            self._news.set()
