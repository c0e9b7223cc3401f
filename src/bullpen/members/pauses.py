"""Where agents are paused: an agent, a channel or the workspace. Who sees the place sees it."""

from typing import Annotated, NamedTuple
from uuid import UUID

from asyncpg import Connection
from msgspec import Meta, Struct

from bullpen.audit.actions import Target
from bullpen.events.actions import Event, append
from bullpen.events.kinds import Kind
from bullpen.kit.database import Reader, fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.kit.json_types import Time
from bullpen.members.access import ACTIVE, readable, sees
from bullpen.members.actor import Actor
from bullpen.members.audit_trail import audit
from bullpen.members.conditions import require_for
from bullpen.members.permissions import Permission
from bullpen.members.queries import get_agent, get_channel

COLUMNS = "p.id, p.agent_id, p.channel_id, p.paused_by, p.paused_at, p.reason"
LIST = f"""
SELECT {COLUMNS} FROM pauses p
WHERE {ACTIVE} AND (p.channel_id IS NULL OR EXISTS (
    SELECT FROM channels c WHERE c.id = p.channel_id AND {readable("c")}
)) AND (p.agent_id IS NULL OR {sees("p.agent_id")}) AND ($2::uuid IS NULL OR p.id = $2)
ORDER BY p.paused_at, p.id
"""
ADD = """
INSERT INTO pauses (agent_id, channel_id, paused_by, reason) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING id
"""
FIND = """
SELECT id FROM pauses WHERE agent_id IS NOT DISTINCT FROM $1 AND channel_id IS NOT DISTINCT FROM $2
"""
REMOVE = "DELETE FROM pauses WHERE id = $1 RETURNING 1"
OF_CHANNEL = "SELECT id FROM pauses WHERE channel_id = $1"


class Place(NamedTuple):
    """An agent, a channel or, with neither, the workspace."""

    agent_id: str | None
    channel_id: str | None


class Pause(Struct, rename="camel"):
    """A pause of an agent or of all agents in a channel, or in the workspace if both are null."""

    id: Annotated[UUID, Meta(description="Id of the pause.")]
    agent_id: Annotated[str | None, Meta(description="Id of the paused agent, if it is one.")]
    channel_id: Annotated[str | None, Meta(description="Id of the paused channel, if it is one.")]
    paused_by: Annotated[str, Meta(description="Id of the user who paused it.")]
    paused_at: Annotated[Time, Meta(description="Since when it is paused.")]
    reason: Annotated[str, Meta(description="Why, in the words of that user; may be empty.")]


async def list_pauses(reader: Reader, actor: Actor) -> list[Pause]:
    return [Pause(*row) for row in await reader.fetch(LIST, actor.user_id, None)]


async def get_pause(reader: Reader, actor: Actor, pause_id: UUID) -> Pause:
    row = await fetch_one(reader, LIST, actor.user_id, pause_id)
    if row is None:
        raise NotFound(ErrorCode.PAUSE_NOT_FOUND)
    return Pause(*row)


async def find_pause(reader: Reader, actor: Actor, place: Place) -> Pause | None:
    row = await fetch_one(reader, FIND, *place)
    return None if row is None else await get_pause(reader, actor, row[0])


async def require_pausing(connection: Connection, actor: Actor, place: Place) -> None:
    """That the actor sees the place and may pause it."""
    permission = Permission.PAUSE_WORKSPACE
    if place.agent_id is not None:
        await get_agent(connection, actor, place.agent_id)
        permission = Permission.EDIT_AGENT
    elif place.channel_id is not None:
        await get_channel(connection, actor, place.channel_id)
        permission = Permission.PAUSE_CHANNEL
    await require_for(
        connection, actor, permission, channel_id=place.channel_id, agent_id=place.agent_id
    )


async def add_pause(connection: Connection, actor: Actor, place: Place, reason: str) -> UUID:
    """For `workspace.pauses`, which has checked that there is none and parks the runs."""
    pause_id: UUID = await connection.fetchval(ADD, *place, actor.user_id, reason)
    return pause_id


async def remove_pause(connection: Connection, actor: Actor, pause_id: UUID) -> Pause:
    """For `workspace.pauses`; answers what it was."""
    pause = await get_pause(connection, actor, pause_id)
    await require_pausing(connection, actor, Place(pause.agent_id, pause.channel_id))
    if not await connection.fetchval(REMOVE, pause_id):
        raise NotFound(ErrorCode.PAUSE_NOT_FOUND)
    return pause


async def announce(connection: Connection, actor: Actor, kind: Kind, pause: Pause) -> None:
    """In the audit log and to everybody who sees the place."""
    details = {"reason": pause.reason} if kind == "pause.added" and pause.reason else {}
    await audit(connection, actor, kind, target_of(pause), **details)
    await append(connection, Event(kind, {"pause": pause}, pause.channel_id))


def target_of(pause: Pause) -> Target:
    if pause.agent_id is not None:
        return Target("agent", pause.agent_id)
    if pause.channel_id is not None:
        return Target("channel", pause.channel_id)
    return Target("workspace", "workspace")


async def announce_joined(connection: Connection, actor: Actor, channel_id: str) -> None:
    """Tells who has joined a paused channel, and could not see it before, that it is paused."""
    pause_id = await connection.fetchval(OF_CHANNEL, channel_id)
    if pause_id is not None:
        pause = await get_pause(connection, actor, pause_id)
        await append(connection, Event("pause.added", {"pause": pause}, channel_id))
