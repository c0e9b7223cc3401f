"""Adds to the log, in the caller's transaction and as the last thing that it does; trims it."""

from collections.abc import Sequence
from typing import Any

import msgspec
from asyncpg import Connection
from msgspec import Struct

from bullpen.events.kinds import Kind
from bullpen.events.log import LOG_LOCK
from bullpen.kit.database import Database
from bullpen.kit.sql import change

KEPT_DAYS = 7
KEPT_EVENTS = 1_000_000
TRIMMED_AT_ONCE = 10_000

APPEND = """
INSERT INTO events (kind, channel_id, user_ids, payload)
SELECT kind, channel_id, user_ids, payload
FROM ROWS FROM (jsonb_to_recordset($1::text::jsonb) AS (
    kind text, channel_id text, user_ids text[], payload jsonb
)) WITH ORDINALITY AS event (kind, channel_id, user_ids, payload, place)
ORDER BY place
"""

# The newest one stays: from it a log that has been trimmed knows where it is.
TRIM = """
DELETE FROM events WHERE id IN (
    SELECT id FROM events
    WHERE id < (SELECT max(id) FROM events)
      AND (created_at < now() - make_interval(days => $1)
           OR id <= (SELECT id FROM events ORDER BY id DESC OFFSET $2 LIMIT 1))
    ORDER BY id LIMIT $3
)
"""


class Event(Struct):
    """For readers of the channel and for `user_ids`; with neither, for everybody."""

    kind: Kind
    payload: Any
    channel_id: str | None = None
    user_ids: Sequence[str] | None = None


async def lock_event_log(connection: Connection) -> None:
    """Locks the log until the transaction ends: what is read from here on is as current as the
    number of its event.

    Lock rows before the log, never after it: who holds a row may be waiting for the log lock.
    """
    await connection.execute("SELECT pg_advisory_xact_lock($1)", LOG_LOCK)


async def append(connection: Connection, *events: Event) -> None:
    await connection.execute(APPEND, msgspec.json.encode(events).decode())


async def trim_all(database: Database, *, days: int = KEPT_DAYS, events: int = KEPT_EVENTS) -> int:
    """How many it removed, in portions, so that nobody waits for long."""
    removed = 0
    while portion := await trim(database, days, events):
        removed += portion
    return removed


async def trim(database: Database, days: int, events: int) -> int:
    async with database.transaction() as connection:
        return await change(connection, TRIM, days, events, TRIMMED_AT_ONCE)


async def restart_log(connection: Connection) -> None:
    """Tells all clients to load anew, and removes all events before: their numbers go on."""
    await append(connection, Event("reset", {}))
    await connection.execute("DELETE FROM events WHERE id < (SELECT max(id) FROM events)")
