"""Writes of agents, channels and membership, in the caller's transaction."""

from collections.abc import Mapping, Sequence

from asyncpg import Connection

from bullpen.kit.errors import Conflict, Forbidden, Invalid, NotFound
from bullpen.kit.ids import new_id
from bullpen.kit.sql import insert_one, update_one
from bullpen.members.actor import Actor

DM_MEMBERS = 2


async def create_agent(connection: Connection, _: Actor, values: Mapping[str, object]) -> None:
    if not await insert_one(connection, "agents", values):
        raise Conflict(f"There is an agent '{values['id']}' already.")


async def change_agent(
    connection: Connection, _: Actor, agent_id: str, values: Mapping[str, object]
) -> None:
    if not await update_one(connection, "agents", agent_id, values, touch="updated_at"):
        raise NotFound("No such agent")


async def create_channel(
    connection: Connection,
    actor: Actor,
    channel: Mapping[str, object],
    member_ids: Sequence[str],
) -> None:
    """The actor is in it, whoever else is: nobody makes a room that they cannot enter."""
    is_dm = channel["kind"] == "dm"
    if is_dm and len(set(member_ids)) != DM_MEMBERS:
        raise Invalid(
            "A DM has exactly 2 members: give two different memberIds.",
            [{"loc": ["body", "memberIds"], "msg": "expected exactly 2 different user ids"}],
        )
    if is_dm and actor.user_id not in member_ids:
        raise Forbidden("A DM can only be opened by one of its two members.")
    await require_users(connection, member_ids)
    if not await insert_one(connection, "channels", channel):
        raise Conflict(f"There is a channel '{channel['id']}' already.")
    for user_id in dict.fromkeys(member_ids if is_dm else [actor.user_id, *member_ids]):
        await insert_one(connection, "channel_members", membership(channel["id"], user_id))


def membership(channel_id: object, user_id: str) -> dict[str, object]:
    return {"id": new_id(), "channel_id": channel_id, "user_id": user_id}


async def change_channel(
    connection: Connection, actor: Actor, channel_id: str, values: Mapping[str, object]
) -> None:
    await require_membership(connection, actor, channel_id)
    if not await update_one(connection, "channels", channel_id, values):
        raise NotFound("No such channel")


async def delete_channel(connection: Connection, actor: Actor, channel_id: str) -> None:
    await require_membership(connection, actor, channel_id)
    await connection.execute("DELETE FROM channels WHERE id = $1", channel_id)


async def add_member(connection: Connection, actor: Actor, channel_id: str, user_id: str) -> None:
    """Anybody may join a public channel; whoever is in may bring others."""
    kind = await kind_of(connection, channel_id)
    if kind == "dm":
        raise Invalid("A DM has exactly 2 members; nobody else can join it.")
    if kind == "private" or user_id != actor.user_id:
        await require_membership(connection, actor, channel_id)
    await require_users(connection, [user_id])
    if not await insert_one(connection, "channel_members", membership(channel_id, user_id)):
        raise Conflict(f"'{user_id}' is a member already.")


async def remove_member(
    connection: Connection, actor: Actor, channel_id: str, user_id: str
) -> None:
    if await kind_of(connection, channel_id) == "dm":
        raise Invalid("A DM has exactly 2 members; nobody can leave it.")
    await require_membership(connection, actor, channel_id)
    removed = await connection.fetchval(
        "DELETE FROM channel_members WHERE channel_id = $1 AND user_id = $2 RETURNING 1",
        channel_id,
        user_id,
    )
    if removed is None:
        raise NotFound("No such member")


async def kind_of(connection: Connection, channel_id: str) -> str | None:
    sql = "SELECT kind FROM channels WHERE id = $1"
    kind: str | None = await connection.fetchval(sql, channel_id)
    return kind


async def require_membership(connection: Connection, actor: Actor, channel_id: str) -> None:
    sql = "SELECT 1 FROM channel_members WHERE channel_id = $1 AND user_id = $2"
    if await connection.fetchval(sql, channel_id, actor.user_id) is None:
        raise Forbidden("Only members of the channel can do that. Join it first.")


async def require_users(connection: Connection, user_ids: Sequence[str]) -> None:
    sql = "SELECT id FROM agents WHERE id = ANY($1) AND is_active"
    known = {row[0] for row in await connection.fetch(sql, list(user_ids))}
    unknown = [user_id for user_id in user_ids if user_id not in known]
    if unknown:
        names = ", ".join(f"'{user_id}'" for user_id in unknown[:5])
        raise Invalid(f"No such user: {names}.")
