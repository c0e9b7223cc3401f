"""Threads that a user follows by choice, or does not follow though they take part."""

from uuid import UUID

from asyncpg import Connection

from bullpen.chat.message_sql import TAKES_PART
from bullpen.chat.queries import Message, ThreadFollow, get_message, unread_threads
from bullpen.events.actions import Event, append, lock_event_log
from bullpen.kit.database import Reader, fetch_one
from bullpen.members.actions import require_membership
from bullpen.members.actor import Actor
from bullpen.members.permissions import MEMBER, Permission, require

IS_FOLLOWED = f"""
SELECT {TAKES_PART} AND EXISTS (
    SELECT FROM channel_members mine WHERE mine.channel_id = root.channel_id AND mine.user_id = $1
) FROM messages root WHERE root.id = $2
"""
CHOOSE = """
INSERT INTO thread_follows (user_id, root_id, is_followed) VALUES ($1, $2, $3)
ON CONFLICT (user_id, root_id) DO UPDATE SET is_followed = EXCLUDED.is_followed
"""
# Who begins to follow a thread has read what was there before.
BEGIN = """
INSERT INTO thread_cursors (user_id, root_id, created_at, message_id)
SELECT $1, $2, m.created_at, m.id FROM messages m WHERE m.id = $2 OR m.parent_message_id = $2
ORDER BY m.parent_message_id IS NULL, m.created_at DESC, m.id DESC LIMIT 1
ON CONFLICT (user_id, root_id) DO NOTHING
"""
END = "DELETE FROM thread_cursors WHERE user_id = $1 AND root_id = $2"


async def get_following(reader: Reader, actor: Actor, message_id: UUID) -> ThreadFollow:
    """Of the thread that a message began or is in."""
    message = await get_message(reader, actor, message_id)
    row = await fetch_one(reader, IS_FOLLOWED, actor.user_id, root_of(message))
    return ThreadFollow(message.channel_id, row is not None and row[0])


async def set_following(
    connection: Connection, actor: Actor, message_id: UUID, *, is_followed: bool
) -> ThreadFollow:
    """Until the actor replies in the thread again, or is mentioned in it."""
    # Before the log lock, as everybody locks them: who deletes one waits for it.
    await connection.execute("SELECT FROM messages WHERE id = $1 FOR KEY SHARE", message_id)
    message = await get_message(connection, actor, message_id)
    await require_membership(connection, actor, message.channel_id)
    require(actor, Permission.SET_PREFERENCES, MEMBER)
    root_id = root_of(message)
    await lock_event_log(connection)
    await connection.execute(CHOOSE, actor.user_id, root_id, is_followed)
    await connection.execute(BEGIN if is_followed else END, actor.user_id, root_id)
    chosen = ThreadFollow(message.channel_id, is_followed)
    await announce_choice(connection, actor, root_id, chosen)
    return chosen


async def announce_choice(
    connection: Connection, actor: Actor, root_id: UUID, chosen: ThreadFollow
) -> None:
    """To the actor's windows alone. Only while holding the log lock."""
    unread = (await unread_threads(connection, actor, root_id)).threads.get(str(root_id))
    payload = {
        "channelId": chosen.channel_id,
        "rootId": root_id,
        "isFollowed": chosen.is_followed,
        **({"unread": unread} if unread else {}),
    }
    await append(connection, Event("thread.followed", payload, user_ids=[actor.user_id]))


def root_of(message: Message) -> UUID:
    parent = message.parent_message_id
    return parent if isinstance(parent, UUID) else message.id
