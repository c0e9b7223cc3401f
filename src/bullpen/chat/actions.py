"""Writes about messages that are there, in the caller's transaction."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from asyncpg import Connection
from msgspec import UNSET

from bullpen.chat.deletion import GONE, announce_deleted
from bullpen.chat.message_sql import ALSO_IN_CHANNEL
from bullpen.chat.preview_links import drop_previews
from bullpen.chat.queries import Message, get_message, shown
from bullpen.events.actions import Event, append, lock_event_log
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Forbidden, TooMany
from bullpen.kit.ids import new_id
from bullpen.kit.sql import insert_one
from bullpen.members.actions import INACTIVE, require_membership
from bullpen.members.actor import Actor
from bullpen.members.archive import require_open
from bullpen.members.permissions import MEMBER, NEVER, OWN, Permission, may, require
from bullpen.members.queries import can_act

MOST_EMOJI = 50
# None, where the message has it already.
OTHER_EMOJI = """
SELECT count(DISTINCT emoji) FILTER (
    WHERE NOT EXISTS (SELECT FROM reactions WHERE message_id = $1 AND emoji = $2)
) FROM reactions WHERE message_id = $1
"""
# Longer than it is offered, for slow lines.
UNDO_LASTS = timedelta(seconds=30)
KEEP = "SELECT keep_deleted_message($1, $2, $3)"
DELETE = f"""
DELETE FROM messages m WHERE m.id = $1 OR (m.parent_message_id = $1 AND {ALSO_IN_CHANNEL})
RETURNING {GONE}
"""
# The same text again is no edit.
EDIT = """
WITH edited AS (
    UPDATE messages SET text = $2 WHERE id = $1 AND text <> $2 RETURNING id
)
INSERT INTO message_edits (message_id, edited_at) SELECT id, clock_timestamp() FROM edited
ON CONFLICT (message_id) DO UPDATE SET edited_at = EXCLUDED.edited_at
"""


async def edit_message(
    connection: Connection, actor: Actor, message_id: UUID, text: str
) -> Message:
    await own_message(connection, actor, message_id, "edit")
    await connection.execute(EDIT, message_id, text)
    await drop_previews(connection, message_id, text)
    # What others add to it meanwhile must not be missing from its event.
    await lock_event_log(connection)
    message = await get_message(connection, actor, message_id)
    await require_open(connection, message.channel_id)
    payload = {**place(message), "message": shown(message)}
    await append(connection, Event("message.updated", payload, message.channel_id))
    return message


async def delete_message(connection: Connection, actor: Actor, message_id: UUID) -> Message:
    """With its replies, where it began a thread; answers what it was. `chat.undoing` brings it
    back."""
    message = await own_message(connection, actor, message_id, "delete")
    await connection.execute(KEEP, message_id, actor.user_id, UNDO_LASTS)
    gone = await connection.fetch(DELETE, message_id)
    await announce_deleted(connection, message.channel_id, gone)
    return message


async def add_reaction(
    connection: Connection, actor: Actor, message_id: UUID, emoji: str
) -> Message:
    await lock_message(connection, actor, message_id)
    if await connection.fetchval(OTHER_EMOJI, message_id, emoji) >= MOST_EMOJI:
        raise TooMany(
            ErrorCode.TOO_MANY_REACTIONS,
            f"This message already has {MOST_EMOJI} different emoji, which is the limit. Use one"
            " of them.",
            retry_after=60,
        )
    values = {
        "id": new_id(),
        "message_id": message_id,
        "user_id": actor.user_id,
        "emoji": emoji,
    }
    changed = await insert_one(connection, "reactions", values)
    return await reacted(
        connection, actor, message_id, emoji, "reaction.added" if changed else None
    )


async def remove_reaction(
    connection: Connection, actor: Actor, message_id: UUID, emoji: str
) -> Message:
    await lock_message(connection, actor, message_id)
    changed = await connection.fetchval(
        "DELETE FROM reactions WHERE message_id = $1 AND user_id = $2 AND emoji = $3 RETURNING 1",
        message_id,
        actor.user_id,
        emoji,
    )
    kind: Kind = "reaction.removed" if changed else None
    return await reacted(connection, actor, message_id, emoji, kind)


Kind = Literal["reaction.added", "reaction.removed"] | None


async def reacted(
    connection: Connection, actor: Actor, message_id: UUID, emoji: str, kind: Kind
) -> Message:
    message = await get_message(connection, actor, message_id)
    if kind is not None:
        await lock_event_log(connection)
        await require_open(connection, message.channel_id)
        payload = {
            **place(message),
            "messageId": message_id,
            "userId": actor.user_id,
            "emoji": emoji,
            "reactions": message.reactions,
        }
        await append(connection, Event(kind, payload, message.channel_id))
        if message.user_id != actor.user_id:
            await append(connection, Event("inbox.changed", {}, user_ids=[message.user_id]))
    return message


async def own_message(connection: Connection, actor: Actor, message_id: UUID, what: str) -> Message:
    await connection.execute("SELECT FROM messages WHERE id = $1 FOR UPDATE", message_id)
    message = await get_message(connection, actor, message_id)
    if not may(
        actor, Permission.CHANGE_MESSAGE, OWN if message.user_id == actor.user_id else NEVER
    ):
        raise Forbidden(ErrorCode.NOT_THE_AUTHOR, f"Only the author can {what} a message.")
    if not await can_act(connection, actor.user_id):
        raise Forbidden(ErrorCode.MEMBER_INACTIVE, INACTIVE)
    return message


async def lock_message(connection: Connection, actor: Actor, message_id: UUID) -> None:
    """Who reacts to one message waits for the others who do: each event has all reactions."""
    await connection.execute("SELECT FROM messages WHERE id = $1 FOR NO KEY UPDATE", message_id)
    message = await get_message(connection, actor, message_id)
    await require_membership(connection, actor, message.channel_id)
    require(actor, Permission.REACT, MEMBER)


def place(message: Message) -> dict[str, object]:
    parent = message.parent_message_id
    return {"channelId": message.channel_id, "parentMessageId": None if parent is UNSET else parent}
