"""Archived channels: everybody who could read one still can, and nobody writes in it."""

from asyncpg import Connection

from bullpen.audit.actions import Target
from bullpen.events.actions import append
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict
from bullpen.members.actions import channel_event
from bullpen.members.actor import Actor
from bullpen.members.audit_trail import audit

IS_ARCHIVED = "SELECT EXISTS (SELECT FROM archived_channels WHERE channel_id = $1)"
ARCHIVE = """
INSERT INTO archived_channels (channel_id, archived_by) VALUES ($1, $2)
ON CONFLICT DO NOTHING RETURNING 1
"""
RESTORE = "DELETE FROM archived_channels WHERE channel_id = $1 RETURNING 1"
ARCHIVED = "This channel is archived, so nothing can be added to it. Restore it first."


def channel_archived() -> Conflict:
    return Conflict(ErrorCode.CHANNEL_ARCHIVED, ARCHIVED)


async def is_archived(connection: Connection, channel_id: str) -> bool:
    archived: bool = await connection.fetchval(IS_ARCHIVED, channel_id)
    return archived


async def require_open(connection: Connection, channel_id: str) -> None:
    """Final only while the channel's row is locked, or the log lock is held."""
    if await is_archived(connection, channel_id):
        raise channel_archived()


async def archive(connection: Connection, actor: Actor, channel_id: str) -> None:
    """For `workspace.channels`, which has locked it; nothing changes if it is archived already."""
    if await connection.fetchval(ARCHIVE, channel_id, actor.user_id):
        await announce(connection, actor, "channel.archived", channel_id)


async def restore(connection: Connection, actor: Actor, channel_id: str) -> None:
    """For `workspace.channels`, which has locked it; nothing changes if it is not archived."""
    if await connection.fetchval(RESTORE, channel_id):
        await announce(connection, actor, "channel.restored", channel_id)


async def announce(connection: Connection, actor: Actor, action: str, channel_id: str) -> None:
    await audit(connection, actor, action, Target("channel", channel_id))
    await append(connection, await channel_event(connection, actor, "channel.updated", channel_id))
