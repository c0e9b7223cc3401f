"""How far each has read: marking it, and where it begins and ends."""

from uuid import UUID

from asyncpg import Connection, Record

from bullpen.chat.inbox_sql import FORGET_MARKS, SETTLE_MENTIONS
from bullpen.chat.message_sql import ALSO_IN_CHANNEL, listed
from bullpen.chat.queries import ReadCursor, unread_mentions, unread_threads, unreads
from bullpen.events.actions import Event, append, lock_event_log
from bullpen.kit.database import Reader, fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.kit.instants import instant_json
from bullpen.members.access import readable
from bullpen.members.actor import Actor

# Up to a message, or to the newest there is.
PLACE = f"""
SELECT $1, m.channel_id, m.created_at, m.id
FROM {listed("m.*", "$2", "AND ($3::uuid IS NULL OR m.id = $3)")} m
"""

# Reading never moves a cursor back: of two windows, the one that is behind must not make things
# unread. Only `mark_unread` does.
MARK_READ = f"""
INSERT INTO read_cursors (user_id, channel_id, created_at, message_id) {PLACE}
ON CONFLICT (user_id, channel_id) DO UPDATE
SET created_at = EXCLUDED.created_at, message_id = EXCLUDED.message_id
WHERE (read_cursors.created_at, read_cursors.message_id)
    < (EXCLUDED.created_at, EXCLUDED.message_id)
RETURNING 1
"""

BEGIN = f"""
INSERT INTO read_cursors (user_id, channel_id, created_at, message_id) {PLACE}
ON CONFLICT (user_id, channel_id) DO NOTHING
"""

CURSORS = f"""
SELECT c.id, instant(cursor.created_at), cursor.message_id
FROM read_cursors cursor JOIN channels c ON c.id = cursor.channel_id
WHERE cursor.user_id = $1 AND {readable("c")} AND ($2::text IS NULL OR c.id = $2)
ORDER BY c.id
"""


# Of a thread, up to one of its replies or to the newest. Only while holding the log lock.
READ_THREAD = """
INSERT INTO thread_cursors (user_id, root_id, created_at, message_id)
SELECT $1, parent_message_id, created_at, id FROM messages
WHERE parent_message_id = $2 AND ($3::uuid IS NULL OR id = $3)
ORDER BY created_at DESC, id DESC LIMIT 1
ON CONFLICT (user_id, root_id) DO UPDATE
SET created_at = EXCLUDED.created_at, message_id = EXCLUDED.message_id
WHERE (thread_cursors.created_at, thread_cursors.message_id)
    < (EXCLUDED.created_at, EXCLUDED.message_id)
RETURNING instant(created_at), message_id
"""
# Where reading begins again: at the message before this one. The first message has none before
# it, so the cursor gets its time and an id below all ids.
UNREAD_FROM = f"""
INSERT INTO read_cursors (user_id, channel_id, created_at, message_id)
SELECT $1, first.channel_id, COALESCE(earlier.created_at, first.created_at),
       COALESCE(earlier.id, '00000000-0000-0000-0000-000000000000')
FROM messages first
LEFT JOIN LATERAL {
    listed(
        "m.created_at, m.id",
        "first.channel_id",
        "AND (m.created_at, m.id) < (first.created_at, first.id)",
    )
} earlier ON true
WHERE first.id = $2
ON CONFLICT (user_id, channel_id) DO UPDATE
SET created_at = EXCLUDED.created_at, message_id = EXCLUDED.message_id
"""

# The same for a reply. Before the first reply is the message that began the thread. Only while
# holding the log lock.
UNREAD_FROM_REPLY = """
UPDATE thread_cursors cursor
SET created_at = earlier.created_at, message_id = earlier.id
FROM (
    SELECT m.created_at, m.id FROM messages first
    JOIN messages m ON m.id = first.parent_message_id
      OR (m.parent_message_id = first.parent_message_id
          AND (m.created_at, m.id) < (first.created_at, first.id))
    WHERE first.id = $3
    ORDER BY m.parent_message_id IS NULL, m.created_at DESC, m.id DESC LIMIT 1
) earlier
WHERE cursor.user_id = $1 AND cursor.root_id = $2
RETURNING instant(cursor.created_at), cursor.message_id
"""
FORGET = "DELETE FROM read_cursors WHERE user_id = $1 AND channel_id = $2"
FORGET_THREADS = """
DELETE FROM thread_cursors cursor USING messages root
WHERE root.id = cursor.root_id AND root.channel_id = $2 AND cursor.user_id = $1
"""
FORGET_FOLLOWS = """
DELETE FROM thread_follows chosen USING messages root
WHERE root.id = chosen.root_id AND root.channel_id = $2 AND chosen.user_id = $1
"""


async def read_cursors(
    reader: Reader, actor: Actor, channel_id: str | None = None
) -> dict[str, ReadCursor]:
    rows = await reader.fetch(CURSORS, actor.user_id, channel_id)
    return {channel: ReadCursor(instant_json(time), message) for channel, time, message in rows}


async def mark_read(
    connection: Connection, actor: Actor, channel_id: str, message_id: UUID | None = None
) -> None:
    """That the actor may read the channel is the caller's to know."""
    if message_id is not None:
        there = await fetch_one(connection, PLACE, actor.user_id, channel_id, message_id)
        if there is None:
            raise NotFound(ErrorCode.MESSAGE_NOT_FOUND)
    if await connection.fetchval(MARK_READ, actor.user_id, channel_id, message_id):
        await announce_cursor(connection, actor, channel_id)


async def mark_thread_read(
    connection: Connection, actor: Actor, channel_id: str, root_id: UUID, message_id: UUID | None
) -> None:
    """Up to a reply, or all that is in the thread now."""
    root = await fetch_one(
        connection,
        "SELECT FROM messages WHERE id = $1 AND channel_id = $2 AND parent_message_id IS NULL"
        " FOR KEY SHARE",
        root_id,
        channel_id,
    )
    if root is None:
        raise NotFound(ErrorCode.THREAD_NOT_FOUND)
    await lock_event_log(connection)
    if message_id is not None and not await connection.fetchval(
        "SELECT true FROM messages WHERE id = $1 AND parent_message_id = $2", message_id, root_id
    ):
        raise NotFound(ErrorCode.MESSAGE_NOT_FOUND)
    moved = await connection.fetchrow(READ_THREAD, actor.user_id, root_id, message_id)
    if moved is not None:
        await announce_thread_cursor(connection, actor, channel_id, root_id, moved)


async def mark_unread(
    connection: Connection, actor: Actor, channel_id: str, message_id: UUID
) -> None:
    """Move the cursor of the message's channel, or of its thread, to just before the message.

    A reply that is also in the channel counts there.

    The caller checks that the actor may read the channel.
    """
    found = await fetch_one(
        connection,
        f"SELECT CASE WHEN NOT {ALSO_IN_CHANNEL} THEN m.parent_message_id END AS root_id"
        " FROM messages m WHERE m.id = $1 AND m.channel_id = $2 FOR KEY SHARE",
        message_id,
        channel_id,
    )
    if found is None:
        raise NotFound(ErrorCode.MESSAGE_NOT_FOUND)
    root_id = found["root_id"]
    if root_id is None:
        await connection.execute(FORGET_MARKS, actor.user_id, message_id)
        await connection.execute(UNREAD_FROM, actor.user_id, message_id)
        await announce_cursor(connection, actor, channel_id, is_marked_unread=True)
        return
    await lock_event_log(connection)
    moved = await connection.fetchrow(UNREAD_FROM_REPLY, actor.user_id, root_id, message_id)
    if moved is None:
        raise NotFound(
            ErrorCode.THREAD_NOT_FOUND,
            "Replies can be marked as unread only in threads that you follow.",
        )
    await announce_thread_cursor(connection, actor, channel_id, root_id, moved, True)


async def announce_thread_cursor(
    connection: Connection,
    actor: Actor,
    channel_id: str,
    root_id: UUID,
    moved: Record | tuple[str, UUID],
    is_marked_unread: bool = False,
) -> None:
    left = (await unread_threads(connection, actor, root_id)).threads.get(str(root_id))
    payload = {
        "channelId": channel_id,
        "rootId": root_id,
        "cursor": {"timestamp": instant_json(moved[0]), "messageId": moved[1]},
        "unreadCount": left.unread_count if left else 0,
        **({"isMarkedUnread": True} if is_marked_unread else {}),
    }
    await append(connection, Event("thread.read", payload, user_ids=[actor.user_id]))


async def announce_cursor(
    connection: Connection, actor: Actor, channel_id: str, *, is_marked_unread: bool = False
) -> None:
    """Of the cursor, to its owner alone."""
    # A message that comes meanwhile must be counted either here or by its own event.
    await lock_event_log(connection)
    mentions = await unread_mentions(connection, actor, channel_id)
    payload = {
        "channelId": channel_id,
        "cursor": (await read_cursors(connection, actor, channel_id)).get(channel_id),
        "unreadCount": (await unreads(connection, actor, channel_id)).counts.get(channel_id, 0),
        **({"mentionCount": mentions} if mentions else {}),
        **({"isMarkedUnread": True} if is_marked_unread else {}),
    }
    await append(connection, Event("cursor.moved", payload, user_ids=[actor.user_id]))


async def begin_at_newest(connection: Connection, user_id: str, channel_id: str) -> None:
    """Who comes into a channel need not catch up with all that was said before."""
    await connection.execute(BEGIN, user_id, channel_id, None)


async def forget_threads(connection: Connection, user_id: str, channel_id: str) -> None:
    """Who comes back to a channel need not catch up with its threads either. Only while holding
    the log lock."""
    await connection.execute(FORGET_THREADS, user_id, channel_id)
    await connection.execute(FORGET_FOLLOWS, user_id, channel_id)


async def forget_cursor(connection: Connection, user_id: str, channel_id: str) -> None:
    """What somebody who leaves had not read is no longer theirs to read."""
    await connection.execute(SETTLE_MENTIONS, user_id, channel_id)
    await connection.execute(FORGET, user_id, channel_id)
