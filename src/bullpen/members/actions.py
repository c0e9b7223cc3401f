"""Writes of agents, channels and membership, in the caller's transaction."""

from collections.abc import Mapping, Sequence
from typing import Literal

from asyncpg import Connection

from bullpen.audit.actions import Target
from bullpen.events.actions import Event, append
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict, Forbidden, Invalid, NotFound
from bullpen.kit.ids import new_id
from bullpen.kit.sql import insert_one, update_one
from bullpen.members.access import sees
from bullpen.members.actor import Actor
from bullpen.members.audit_trail import audit
from bullpen.members.group_dms import group_dm_of, require_members
from bullpen.members.kinds import is_direct
from bullpen.members.names import lock_names, require_free_names
from bullpen.members.permissions import MEMBER, NEVER, OWN, Permission, may, require
from bullpen.members.policy_names import DEFAULT
from bullpen.members.queries import (
    Presence,
    Status,
    get_agent,
    get_channel,
    get_user,
)

ACTIVE_AND_ROLE = """
SELECT u.is_active, p.role FROM users u LEFT JOIN people p ON p.id = u.id WHERE u.id = $1
"""
IS_GUEST = "SELECT EXISTS (SELECT FROM people WHERE id = $1 AND role = 'guest')"
# The guests among the members of a channel.
GUESTS = """
SELECT m.user_id FROM channel_members m JOIN people p ON p.id = m.user_id AND p.role = 'guest'
WHERE m.channel_id = $1 ORDER BY 1
"""
INACTIVE = "This member is inactive. Switch to an active member."


async def create_agent(connection: Connection, actor: Actor, values: Mapping[str, object]) -> None:
    require(actor, Permission.CREATE_AGENT)
    await require_free_id(connection, str(values["id"]))
    await insert_one(connection, "agents", values)
    names = [str(values["id"]), str(values["display_name"])]
    await require_free_names(connection, "member", names[0], names)
    await audit(connection, actor, "agent.created", Target("agent", names[0]))
    await append(connection, await user_changed(connection, actor, str(values["id"])))


async def require_free_id(connection: Connection, user_id: str) -> None:
    """Agents and people share one namespace. Nobody takes the id before the transaction ends."""
    await lock_names(connection)
    kind = await connection.fetchval("SELECT kind FROM users WHERE id = $1", user_id)
    if kind is not None:
        one = "An agent" if kind == "agent" else "A person"
        raise Conflict(
            ErrorCode.ID_TAKEN, f"{one} with the id '{user_id}' already exists. Choose another id."
        )


async def update_agent(
    connection: Connection, actor: Actor, agent_id: str, values: Mapping[str, object]
) -> None:
    """Its row alone: `workspace.agents` also ends the runs of one that is made inactive."""
    if not await update_one(connection, "agents", agent_id, values, touch="updated_at"):
        raise NotFound(ErrorCode.AGENT_NOT_FOUND)
    if "display_name" in values or "is_active" in values:
        agent = await get_agent(connection, actor, agent_id)
        names = [agent_id, agent.display_name] if agent.is_active else []
        await require_free_names(connection, "member", agent_id, names)
    await append(connection, await user_changed(connection, actor, agent_id))


async def keep_session(connection: Connection, agent_id: str, session_id: str) -> None:
    """The session at the agent's provider in which its next run goes on; it has no event."""
    await connection.execute(
        "UPDATE agents SET session_id = $2 WHERE id = $1", agent_id, session_id
    )


async def user_changed(connection: Connection, actor: Actor, user_id: str) -> Event:
    """For all who see the user; `role` is there for people alone."""
    user = await get_user(connection, actor, user_id)
    row = await connection.fetchrow(ACTIVE_AND_ROLE, user_id)
    assert row is not None
    role = {} if row["role"] is None else {"role": row["role"]}
    return Event("user.changed", {"user": user, "isActive": row["is_active"], **role})


async def set_status(
    connection: Connection, actor: Actor, user_id: str, status: Status | None
) -> None:
    emoji, text = (None, None) if status is None else (status.emoji, status.text)
    await set_state(connection, actor, user_id, {"status_emoji": emoji, "status_text": text})


async def set_presence(
    connection: Connection, actor: Actor, user_id: str, presence: Presence
) -> None:
    await set_state(connection, actor, user_id, {"presence": presence})


async def set_state(
    connection: Connection, actor: Actor, user_id: str, values: Mapping[str, object]
) -> None:
    await get_user(connection, actor, user_id)
    if not may(actor, Permission.SET_STATUS, OWN if user_id == actor.user_id else NEVER):
        raise Forbidden(ErrorCode.NOT_YOURSELF, "You can set only your own status and presence.")
    # The user's row is what changes of one user wait for each other at.
    await connection.execute("SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE", user_id)
    columns = ", ".join(values)
    places = ", ".join(f"${number}" for number in range(2, len(values) + 2))
    changes = ", ".join(f"{column} = EXCLUDED.{column}" for column in values)
    await connection.execute(
        f"INSERT INTO user_states (user_id, {columns}) VALUES ($1, {places})"
        f" ON CONFLICT (user_id) DO UPDATE SET {changes}, updated_at = now()",
        user_id,
        *values.values(),
    )
    await append(connection, await user_changed(connection, actor, user_id))


async def create_channel(
    connection: Connection,
    actor: Actor,
    channel: Mapping[str, object],
    member_ids: Sequence[str],
) -> str:
    """Its id: of a group direct message that there is already, that one's.

    The actor is always a member: nobody makes a channel that they cannot enter.
    """
    kind = str(channel["kind"])
    is_dm = is_direct(kind)
    require(actor, Permission.OPEN_DM if is_dm else Permission.CREATE_CHANNEL)
    if is_dm:
        require_members(actor, kind, member_ids)
    if kind == "group_dm":
        found = await group_dm_of(connection, member_ids)
        if found is not None:
            return found
    await require_users(connection, actor, member_ids)
    if not await insert_one(connection, "channels", channel):
        raise Conflict(
            ErrorCode.ID_TAKEN,
            f"A channel with the id '{channel['id']}' already exists. Choose another id.",
        )
    if not is_dm:
        await require_free_names(connection, "channel", str(channel["id"]), [str(channel["name"])])
        target = Target("channel", str(channel["id"]))
        await audit(connection, actor, "channel.created", target, kind=kind)
    if kind != "dm":
        answering = {"channel_id": channel["id"], "policy": DEFAULT}
        await insert_one(connection, "channel_answering", answering)
    for user_id in dict.fromkeys(member_ids if is_dm else [actor.user_id, *member_ids]):
        await insert_one(connection, "channel_members", membership(channel["id"], user_id))
    await append(
        connection, await channel_event(connection, actor, "channel.created", channel["id"])
    )
    # They see more users now.
    await begin_anew(connection, await guests_in(connection, str(channel["id"])))
    return str(channel["id"])


def membership(channel_id: object, user_id: str) -> dict[str, object]:
    return {"id": new_id(), "channel_id": channel_id, "user_id": user_id}


async def change_channel(
    connection: Connection, actor: Actor, channel_id: str, values: Mapping[str, object]
) -> None:
    kind = await lock_channel(connection, channel_id)
    await require_membership(connection, actor, channel_id)
    require(actor, Permission.CHANGE_CHANNEL, MEMBER)
    await update_one(connection, "channels", channel_id, values)
    if "name" in values and not is_direct(kind):
        await require_free_names(connection, "channel", channel_id, [str(values["name"])])
    await append(connection, await channel_event(connection, actor, "channel.updated", channel_id))


async def remove_channel(connection: Connection, actor: Actor, channel_id: str) -> None:
    """For `workspace.channels`, which has locked it and checked that the actor may delete it."""
    channel = await get_channel(connection, actor, channel_id)
    await connection.execute("DELETE FROM channels WHERE id = $1", channel_id)
    if not is_direct(channel.kind):
        await audit(connection, actor, "channel.deleted", Target("channel", channel_id))
    # Afterwards nobody may read it, so the event says itself who could.
    readers = None if channel.kind == "public" else channel.member_ids
    gone = {"channel": channel, "userId": actor.user_id}
    await append(connection, Event("channel.deleted", gone, user_ids=readers))


async def insert_member(
    connection: Connection, actor: Actor, channel_id: str, user_id: str
) -> None:
    """For `workspace.channels`, which has locked the channel and checked that they may join."""
    if not await insert_one(connection, "channel_members", membership(channel_id, user_id)):
        raise Conflict(ErrorCode.ALREADY_A_MEMBER, f"'{user_id}' is already a member.")
    channel = await get_channel(connection, actor, channel_id)
    added = {"channelId": channel_id, "userId": user_id, "channel": channel}
    await append(connection, Event("member.added", added, channel_id))
    guests = await guests_in(connection, channel_id)
    if user_id in guests:
        await begin_anew(connection, [user_id])
    elif guests:
        changed = await user_changed(connection, actor, user_id)
        changed.user_ids = guests
        await append(connection, changed)


async def guests_in(connection: Connection, channel_id: str) -> list[str]:
    return [row[0] for row in await connection.fetch(GUESTS, channel_id)]


async def begin_anew(connection: Connection, user_ids: Sequence[str]) -> None:
    """Has the windows of these users load everything again, since they may read something else."""
    if user_ids:
        await append(connection, Event("reset", {}, user_ids=user_ids))


async def delete_member(connection: Connection, channel_id: str, user_id: str) -> None:
    """For `workspace.channels`, which has locked the channel and checked that they may leave."""
    removed = await connection.fetchval(
        "DELETE FROM channel_members WHERE channel_id = $1 AND user_id = $2 RETURNING 1",
        channel_id,
        user_id,
    )
    if removed is None:
        raise NotFound(ErrorCode.MEMBER_NOT_FOUND)
    gone = {"channelId": channel_id, "userId": user_id}
    await append(connection, Event("member.removed", gone, channel_id, [user_id]))
    if await connection.fetchval(IS_GUEST, user_id):
        await begin_anew(connection, [user_id])


async def channel_event(
    connection: Connection,
    actor: Actor,
    kind: Literal["channel.created", "channel.updated"],
    channel_id: object,
) -> Event:
    channel = await get_channel(connection, actor, str(channel_id))
    return Event(kind, {"channel": channel}, channel.id)


async def lock_channel(connection: Connection, channel_id: str, *, alone: bool = False) -> str:
    """Its kind. Changes of one channel and its members wait for each other here.

    `alone`: writers of messages in the channel wait as well, or have finished.
    """
    strength = "UPDATE" if alone else "NO KEY UPDATE"
    sql = f"SELECT kind FROM channels WHERE id = $1 FOR {strength}"
    kind: str | None = await connection.fetchval(sql, channel_id)
    if kind is None:
        raise NotFound(ErrorCode.CHANNEL_NOT_FOUND)
    return kind


async def keep_channel(connection: Connection, channel_id: str) -> None:
    """A transaction that deletes it waits until this one has ended, and finds what it wrote."""
    await connection.execute("SELECT FROM channels WHERE id = $1 FOR KEY SHARE", channel_id)


async def require_membership(connection: Connection, actor: Actor, channel_id: str) -> None:
    sql = """
    SELECT u.is_active FROM channel_members m JOIN users u ON u.id = m.user_id
    WHERE m.channel_id = $1 AND m.user_id = $2
    """
    active: bool | None = await connection.fetchval(sql, channel_id, actor.user_id)
    if active is None:
        raise Forbidden(
            ErrorCode.NOT_A_MEMBER, "Only members of this channel can do that. Join it first."
        )
    if not active:
        raise Forbidden(ErrorCode.MEMBER_INACTIVE, INACTIVE)


async def require_users(connection: Connection, actor: Actor, user_ids: Sequence[str]) -> None:
    """That they are active, and that the actor may know of them."""
    sql = f"SELECT u.id FROM users u WHERE u.id = ANY($2) AND u.is_active AND {sees('u.id')}"
    known = {row[0] for row in await connection.fetch(sql, actor.user_id, list(user_ids))}
    unknown = [user_id for user_id in user_ids if user_id not in known]
    if unknown:
        names = ", ".join(f"'{user_id}'" for user_id in unknown[:5])
        raise Invalid(
            ErrorCode.UNKNOWN_MEMBER, f"These users do not exist or are inactive: {names}."
        )
