"""How far each has read: marking it, and where it begins and ends with membership."""

from uuid import UUID

from asyncpg import Connection
from msgspec import Raw, Struct

from bullpen.chat.queries import instant, unreads
from bullpen.chat.statements import instant as instant_of
from bullpen.events.actions import Event, append, take_turn
from bullpen.kit.database import Reader, fetch_one
from bullpen.kit.errors import NotFound
from bullpen.members import actions as members
from bullpen.members.access import readable
from bullpen.members.actor import Actor

# Up to a message, or to the newest there is.
PLACE = """
SELECT $1, channel_id, created_at, id FROM messages
WHERE channel_id = $2 AND parent_message_id IS NULL AND ($3::uuid IS NULL OR id = $3)
ORDER BY created_at DESC, id DESC LIMIT 1
"""

# A cursor never moves back: of two windows, the one that is behind must not make things unread.
MARK_READ = f"""
INSERT INTO read_cursors (user_id, channel_id, created_at, message_id) {PLACE}
ON CONFLICT (user_id, channel_id) DO UPDATE
SET created_at = EXCLUDED.created_at, message_id = EXCLUDED.message_id
WHERE (read_cursors.created_at, read_cursors.message_id)
    < (EXCLUDED.created_at, EXCLUDED.message_id)
RETURNING 1
"""

# Who comes into a channel need not catch up with all that was said before.
BEGIN = f"""
INSERT INTO read_cursors (user_id, channel_id, created_at, message_id) {PLACE}
ON CONFLICT (user_id, channel_id) DO NOTHING
"""

CURSORS = f"""
SELECT c.id, {instant_of("cursor.created_at")}, cursor.message_id
FROM read_cursors cursor JOIN channels c ON c.id = cursor.channel_id
WHERE cursor.user_id = $1 AND {readable("c")} AND ($2::text IS NULL OR c.id = $2)
ORDER BY c.id
"""


class ReadCursor(Struct, rename="camel"):
    timestamp: Raw
    message_id: UUID


async def read_cursors(
    reader: Reader, actor: Actor, channel_id: str | None = None
) -> dict[str, ReadCursor]:
    rows = await reader.fetch(CURSORS, actor.user_id, channel_id)
    return {channel: ReadCursor(instant(time), message) for channel, time, message in rows}


async def mark_read(
    connection: Connection, actor: Actor, channel_id: str, message_id: UUID | None = None
) -> None:
    """That the actor may read the channel is the caller's to know."""
    if message_id is not None:
        there = await fetch_one(connection, PLACE, actor.user_id, channel_id, message_id)
        if there is None:
            raise NotFound("No such message")
    if await connection.fetchval(MARK_READ, actor.user_id, channel_id, message_id):
        await tell(connection, actor, channel_id)


async def tell(connection: Connection, actor: Actor, channel_id: str) -> None:
    """Of the cursor, to its owner alone."""
    # A message that comes meanwhile must be counted either here or by its own event.
    await take_turn(connection)
    payload = {
        "channelId": channel_id,
        "cursor": (await read_cursors(connection, actor, channel_id)).get(channel_id),
        "unreadCount": (await unreads(connection, actor, channel_id)).counts.get(channel_id, 0),
    }
    await append(connection, Event("cursor.moved", payload, user_ids=[actor.user_id]))


async def join(connection: Connection, actor: Actor, channel_id: str, user_id: str) -> None:
    """Anybody may join a public channel; whoever is in may bring others."""
    await members.lock_channel(connection, channel_id)
    await connection.execute(BEGIN, user_id, channel_id, None)
    await members.add_member(connection, actor, channel_id, user_id)
    await tell(connection, Actor(user_id), channel_id)


async def leave(connection: Connection, actor: Actor, channel_id: str, user_id: str) -> None:
    """Also to remove somebody. What they had not read is no longer theirs to read."""
    await members.lock_channel(connection, channel_id)
    await connection.execute(
        "DELETE FROM read_cursors WHERE user_id = $1 AND channel_id = $2", user_id, channel_id
    )
    await members.remove_member(connection, actor, channel_id, user_id)
