"""Pinned messages: members keep what matters in a channel at hand."""

from typing import Literal
from uuid import UUID

from asyncpg import Connection

from bullpen.chat.actions import place
from bullpen.chat.queries import Message, get_message, messages_by_id, shown
from bullpen.events.actions import Event, append, lock_event_log
from bullpen.kit.database import Reader
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict
from bullpen.members.actions import require_membership
from bullpen.members.actor import Actor
from bullpen.members.archive import require_open
from bullpen.members.permissions import MEMBER, Permission, require
from bullpen.members.queries import get_channel

MOST_PINS = 100
PINS = """
SELECT message_id FROM message_pins WHERE channel_id = $1 ORDER BY pinned_at DESC, message_id
"""
PIN = """
INSERT INTO message_pins (message_id, channel_id, pinned_by) VALUES ($1, $2, $3)
ON CONFLICT (message_id) DO NOTHING RETURNING 1
"""
UNPIN = "DELETE FROM message_pins WHERE message_id = $1 RETURNING 1"
LOCK_CHANNEL = """
SELECT FROM channels WHERE id = (SELECT channel_id FROM messages WHERE id = $1) FOR KEY SHARE
"""
COUNT = "SELECT count(*) FROM message_pins WHERE channel_id = $1"
FULL = (
    f"This channel already has {MOST_PINS} pinned messages, which is the limit. Unpin one of them"
    " first."
)


async def list_pins(reader: Reader, actor: Actor, channel_id: str) -> list[Message]:
    """Replies too; what was pinned last comes first."""
    await get_channel(reader, actor, channel_id)
    ids = [row[0] for row in await reader.fetch(PINS, channel_id)]
    found = await messages_by_id(reader, actor, ids)
    return [found[message_id] for message_id in ids if message_id in found]


async def pin_message(connection: Connection, actor: Actor, message_id: UUID) -> Message:
    """Nothing changes if it is pinned already."""
    return await change_pin(connection, actor, message_id, "pin")


async def unpin_message(connection: Connection, actor: Actor, message_id: UUID) -> Message:
    """Nothing changes if it is not pinned."""
    return await change_pin(connection, actor, message_id, "unpin")


async def change_pin(
    connection: Connection, actor: Actor, message_id: UUID, what: Literal["pin", "unpin"]
) -> Message:
    # Before the log lock, as everybody locks them: who deletes one waits for it.
    await connection.execute(LOCK_CHANNEL, message_id)
    await connection.execute("SELECT FROM messages WHERE id = $1 FOR NO KEY UPDATE", message_id)
    message = await get_message(connection, actor, message_id)
    await require_membership(connection, actor, message.channel_id)
    require(actor, Permission.PIN, MEMBER)
    # From here on nobody else pins, so the count stays right.
    await lock_event_log(connection)
    await require_open(connection, message.channel_id)
    if what == "pin":
        changed = await connection.fetchval(PIN, message_id, message.channel_id, actor.user_id)
        if await connection.fetchval(COUNT, message.channel_id) > MOST_PINS:
            raise Conflict(ErrorCode.TOO_MANY_PINS, FULL)
    else:
        changed = await connection.fetchval(UNPIN, message_id)
    message = await get_message(connection, actor, message_id)
    if changed:
        payload = {**place(message), "message": shown(message)}
        await append(connection, Event("message.updated", payload, message.channel_id))
    return message
