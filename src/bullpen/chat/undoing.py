"""Bringing back a message that its author has just deleted.

A deletion takes the message out of all tables at once, so that nothing can show it; what is needed
to undo that is kept beside them for `UNDO_LASTS` (decision 0032).
"""

from uuid import UUID

from asyncpg import Connection
from msgspec import Raw, json

from bullpen.chat.actions import place
from bullpen.chat.deletion import THREAD
from bullpen.chat.following import announce_choice
from bullpen.chat.queries import Message, ThreadFollow, get_message, messages_by_id, shown
from bullpen.chat.read_state import announce_thread_cursor
from bullpen.events.actions import Event, append
from bullpen.kit.database import fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Forbidden, NotFound
from bullpen.members.access import readable
from bullpen.members.actions import INACTIVE
from bullpen.members.actor import Actor
from bullpen.members.archive import require_open
from bullpen.members.permissions import OWN, Permission, require
from bullpen.members.queries import can_act

FIND = f"""
SELECT d.channel_id FROM deleted_messages d JOIN channels c ON c.id = d.channel_id
WHERE d.message_id = $2 AND d.deleted_by = $1 AND d.undo_until > clock_timestamp()
  AND {readable("c")}
"""
LOCK_CHANNEL = "SELECT FROM channels WHERE id = $1 FOR KEY SHARE"
RESTORE = "SELECT restore_deleted_message($1)"
# Replies that the channel's list also shows have events of their own.
LISTED = """
SELECT m.id FROM channel_replies also JOIN messages m ON m.id = also.message_id
WHERE m.parent_message_id = $1 ORDER BY m.created_at, m.id
"""
MENTIONS = "SELECT mentions_of($1)"
FOLLOWERS = """
SELECT user_id, instant(created_at) AS created_at, message_id FROM thread_cursors
WHERE root_id = $1 ORDER BY user_id
"""
CHOSEN = "SELECT user_id, is_followed FROM thread_follows WHERE root_id = $1 ORDER BY user_id"
IS_OVER = "undo_until <= now()"
FORGET = f"DELETE FROM deleted_messages WHERE {IS_OVER}"
TOO_LATE = "This message cannot be brought back any more."


async def restore_message(connection: Connection, actor: Actor, message_id: UUID) -> Message:
    """With its thread, files, reactions, pins, mentions and what was read of it."""
    require(actor, Permission.CHANGE_MESSAGE, OWN)
    if not await can_act(connection, actor.user_id):
        raise Forbidden(ErrorCode.MEMBER_INACTIVE, INACTIVE)
    found = await fetch_one(connection, FIND, actor.user_id, message_id)
    if found is None:
        raise NotFound(ErrorCode.MESSAGE_NOT_FOUND, TOO_LATE)
    await connection.execute(LOCK_CHANNEL, found["channel_id"])
    await require_open(connection, found["channel_id"])
    if not await connection.fetchval(RESTORE, message_id):
        raise NotFound(ErrorCode.MESSAGE_NOT_FOUND, TOO_LATE)
    message = await get_message(connection, actor, message_id)
    await announce_restored(connection, actor, message)
    return message


async def announce_restored(connection: Connection, actor: Actor, message: Message) -> None:
    """To readers of the channel; and what is unread of the thread, to each who follows it."""
    listed = [row[0] for row in await connection.fetch(LISTED, message.id)]
    replies = await messages_by_id(connection, actor, listed)
    for one in (message, *(replies[reply_id] for reply_id in listed)):
        payload = {
            **place(one),
            "message": shown(one),
            **json.decode(await connection.fetchval(MENTIONS, one.id)),
        }
        if isinstance(one.parent_message_id, UUID):
            payload["root"] = Raw(await connection.fetchval(THREAD, one.parent_message_id))
        await append(connection, Event("message.restored", payload, one.channel_id))
    parent = message.parent_message_id
    root_id = parent if isinstance(parent, UUID) else message.id
    for row in await connection.fetch(FOLLOWERS, root_id):
        follower = Actor(row["user_id"])
        moved = (row["created_at"], row["message_id"])
        await announce_thread_cursor(connection, follower, message.channel_id, root_id, moved)
    if root_id == message.id:
        for user_id, is_followed in await connection.fetch(CHOSEN, root_id):
            chosen = ThreadFollow(message.channel_id, is_followed)
            await announce_choice(connection, Actor(user_id), root_id, chosen)


async def forget_deleted(connection: Connection) -> None:
    """Those that nobody can bring back any more."""
    await connection.execute(FORGET)
