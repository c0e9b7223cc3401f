"""Marking items of the inbox as read and unread, in the caller's transaction."""

from uuid import UUID

from asyncpg import Connection
from msgspec import UNSET

from bullpen.chat import inbox_sql
from bullpen.chat.inbox_sql import Kind
from bullpen.chat.queries import Message, get_message
from bullpen.chat.read_state import mark_thread_read, mark_unread
from bullpen.events.actions import Event, append, lock_event_log
from bullpen.kit.instants import instant_json
from bullpen.members.actor import Actor


async def mark_item(
    connection: Connection, actor: Actor, kind: Kind, item_id: UUID, *, read: bool
) -> None:
    """Replies go by the cursor of their thread, unless they are also in the channel; all else by a
    mark of its own.

    Nothing happens if the message is no such item any more.
    """
    message = await get_message(connection, actor, item_id)
    match kind:
        case "thread":
            await mark_thread(connection, actor, message, read=read)
        case "mention" if (
            isinstance(message.parent_message_id, UUID) and message.replied_to is UNSET
        ):
            await mark_reply(connection, actor, message, message.parent_message_id, read=read)
        case "mention":
            await mark(connection, actor, inbox_sql.MARK_MENTION, item_id, read=read)
        case "reaction":
            await mark(connection, actor, inbox_sql.MARK_REACTIONS, item_id, read=read)


async def mark_thread(connection: Connection, actor: Actor, root: Message, *, read: bool) -> None:
    if read:
        await mark_thread_read(connection, actor, root.channel_id, root.id, None)
        return
    newest = await connection.fetchval(inbox_sql.NEWEST_REPLY_OF_OTHERS, actor.user_id, root.id)
    if newest is not None:
        await mark_unread(connection, actor, root.channel_id, newest)


async def mark_reply(
    connection: Connection, actor: Actor, reply: Message, root_id: UUID, *, read: bool
) -> None:
    if read:
        await mark_thread_read(connection, actor, reply.channel_id, root_id, reply.id)
    else:
        await mark_unread(connection, actor, reply.channel_id, reply.id)


async def mark(
    connection: Connection, actor: Actor, sql: str, item_id: UUID, *, read: bool
) -> None:
    if await connection.fetchval(sql, actor.user_id, item_id, read):
        await announce_inbox(connection, actor.user_id)


async def mark_all_read(connection: Connection, actor: Actor, kind: Kind | None) -> None:
    """All items of a kind, or of all kinds."""
    marked = False
    if kind in ("mention", None):
        marked |= bool(await connection.fetch(inbox_sql.MARK_ALL_MENTIONS, actor.user_id))
    if kind in ("reaction", None):
        marked |= bool(await connection.fetch(inbox_sql.MARK_ALL_REACTIONS, actor.user_id))
    await lock_event_log(connection)
    threads = (
        []
        if kind == "reaction"
        else await connection.fetch(inbox_sql.MARK_ALL_THREADS, actor.user_id, kind == "mention")
    )
    events = [
        Event(
            "thread.read",
            {
                "channelId": channel_id,
                "rootId": root_id,
                "cursor": {"timestamp": instant_json(time), "messageId": message_id},
                "unreadCount": 0,
            },
            user_ids=[actor.user_id],
        )
        for channel_id, root_id, time, message_id in threads
    ]
    if events:
        await append(connection, *events)
    if marked:
        await announce_inbox(connection, actor.user_id)


async def note_old_reactions(connection: Connection, message_ids: list[UUID]) -> None:
    """Reactions that were there before the workspace was opened are no news to anybody."""
    await connection.execute(inbox_sql.SETTLE_REACTIONS, message_ids)


async def announce_inbox(connection: Connection, user_id: str) -> None:
    """Says only that the inbox is another one: what may be read of it is decided when it is."""
    await append(connection, Event("inbox.changed", {}, user_ids=[user_id]))
