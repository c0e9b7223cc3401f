"""How long messages are kept: the settings, and deleting what is older."""

from typing import Annotated

from asyncpg import Connection
from msgspec import Meta, Struct

from bullpen.chat.deletion import GONE, announce_deleted
from bullpen.chat.message_sql import ALSO_IN_CHANNEL
from bullpen.kit.database import Database, Reader, fetch_one

LONGEST_DAYS = 36_500
AT_ONCE = 200

GET_WORKSPACE = "SELECT days FROM message_retention WHERE channel_id IS NULL"
EFFECTIVE = "COALESCE(own.days, CASE WHEN own.id IS NULL THEN whole.days END)"
SETTINGS = """
LEFT JOIN message_retention own ON own.channel_id = c.id
LEFT JOIN message_retention whole ON whole.channel_id IS NULL
"""
GET_CHANNEL = f"""
SELECT {EFFECTIVE}, own.id IS NULL FROM (SELECT $1::text AS id) c {SETTINGS}
"""
SET = """
INSERT INTO message_retention (channel_id, days) VALUES ($1, $2)
ON CONFLICT (channel_id) DO UPDATE SET days = EXCLUDED.days
"""
REMOVE = "DELETE FROM message_retention WHERE channel_id = $1"

LIMITED = f"SELECT c.id, {EFFECTIVE} FROM channels c {SETTINGS} WHERE {EFFECTIVE} IS NOT NULL"
OLD = "now() - make_interval(days => $2)"
# A thread goes as one when its newest message is old. Until then its root stays, and replies go
# one by one.
EXPIRED = f"""
m.channel_id = $1 AND m.created_at < {OLD} AND (m.parent_message_id IS NULL) <> EXISTS (
    SELECT FROM messages newer
    WHERE newer.parent_message_id = COALESCE(m.parent_message_id, m.id)
      AND newer.created_at >= {OLD}
)
"""
FIND = f"SELECT m.id FROM messages m WHERE {EXPIRED} ORDER BY m.created_at, m.id LIMIT $3"
# In the order in which others lock several. Somebody else's lock means a change under way, or
# another process that deletes the same.
LOCK = "SELECT id FROM messages WHERE id = ANY ($1) ORDER BY id FOR UPDATE SKIP LOCKED"
# Looks again: a reply may have come before the lock.
DELETE = f"""
WITH expired AS MATERIALIZED (
    SELECT m.id FROM messages m WHERE m.id = ANY ($3) AND {EXPIRED}
)
DELETE FROM messages m
WHERE m.id IN (SELECT id FROM expired)
   OR (m.parent_message_id IN (SELECT id FROM expired) AND {ALSO_IN_CHANNEL})
RETURNING {GONE}
"""


class ChannelRetention(Struct):
    """How long a channel's messages are kept."""

    days: Annotated[int | None, Meta(description="In days. Null: forever.")]
    inherited: Annotated[bool, Meta(description="Whether that is the workspace's setting.")]


class WorkspaceRetention(Struct):
    """How long messages are kept in channels without a setting of their own."""

    days: Annotated[int | None, Meta(description="In days. Null: forever.")]


async def get_workspace_retention(reader: Reader) -> WorkspaceRetention:
    row = await fetch_one(reader, GET_WORKSPACE)
    return WorkspaceRetention(row[0] if row else None)


async def get_channel_retention(reader: Reader, channel_id: str) -> ChannelRetention:
    """The caller has checked that the actor can read the channel."""
    row = await fetch_one(reader, GET_CHANNEL, channel_id)
    assert row is not None
    return ChannelRetention(*row)


async def set_retention(connection: Connection, channel_id: str | None, days: int | None) -> None:
    """`channel_id`: None for the workspace. `days`: None for forever."""
    await connection.execute(SET, channel_id, days)


async def inherit_retention(connection: Connection, channel_id: str) -> None:
    await connection.execute(REMOVE, channel_id)


async def trim_messages(database: Database) -> int | None:
    """Deletes what is older than its channel's limit, and answers how many messages and threads
    those were; None where all channels keep everything."""
    limited = await database.fetch(LIMITED)
    removed = 0
    for channel_id, days in limited:
        portion = 1
        while portion:
            async with database.transaction() as connection:
                portion = await delete_expired(connection, channel_id, days)
            removed += portion
    return removed if limited else None


async def delete_expired(connection: Connection, channel_id: str, days: int) -> int:
    """One portion, announced as deletions by their authors are. Answers how many it deleted."""
    found = [row[0] for row in await connection.fetch(FIND, channel_id, days, AT_ONCE)]
    locked = [row[0] for row in await connection.fetch(LOCK, found)]
    gone = await connection.fetch(DELETE, channel_id, days, locked)
    if not gone:
        return 0
    await announce_deleted(connection, channel_id, gone)
    return len(gone)
