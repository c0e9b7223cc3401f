"""User groups: members whom a message mentions together, by `@handle`. Guests do not see them."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

from asyncpg import Connection
from msgspec import Meta, Struct

from bullpen.audit.actions import Target
from bullpen.events.actions import Event, append
from bullpen.kit.database import Reader, fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.kit.sql import change, update_one
from bullpen.members.access import ACTIVE, is_guest
from bullpen.members.actions import require_users
from bullpen.members.actor import Actor
from bullpen.members.audit_trail import audit
from bullpen.members.name_order import name_key
from bullpen.members.names import lock_names, require_free_names
from bullpen.members.permissions import Permission, require

LONGEST_HANDLE = 40
LONGEST_DESCRIPTION = 200
# In a handle, but not at its ends.
_BETWEEN = "-_\u200c\u200d"


class UserGroup(Struct, rename="camel"):
    """Members whom a message mentions together."""

    id: Annotated[UUID, Meta(description="Id of the user group.")]
    handle: Annotated[str, Meta(description="What a message calls it, after an `@`.")]
    description: Annotated[str, Meta(description="What it is for; may be empty.")]
    member_ids: Annotated[
        list[str], Meta(description="Ids of its people and agents, also of inactive ones, sorted.")
    ]


LIST = f"""
SELECT g.id, g.handle, g.description, ARRAY(
    SELECT m.user_id FROM user_group_members m WHERE m.group_id = g.id ORDER BY m.user_id
)
FROM user_groups g WHERE {ACTIVE} AND NOT {is_guest()} AND ($2::uuid IS NULL OR g.id = $2)
"""
CREATE = "INSERT INTO user_groups (handle, description) VALUES ($1, $2) RETURNING id"
LOCK = "SELECT FROM user_groups WHERE id = $1 FOR UPDATE"
ADD = """
INSERT INTO user_group_members (group_id, user_id) SELECT $1, unnest($2::text[])
ON CONFLICT DO NOTHING
"""
REMOVE = "DELETE FROM user_group_members WHERE group_id = $1 AND user_id = $2"
OF_USER = "SELECT group_id FROM user_group_members WHERE user_id = $1 ORDER BY 1"


def handle_problem(handle: str) -> str | None:
    """Why a mention of a group cannot be this text."""
    categories = [unicodedata.category(sign)[0] for sign in handle]
    if not all(
        category in "LNM" or sign in _BETWEEN
        for sign, category in zip(handle, categories, strict=True)
    ):
        return "a handle is one word of letters, digits, hyphens and underscores"
    if categories[0] not in "LN" or categories[-1] not in "LNM":
        return "a handle begins and ends with a letter or a digit"
    return None


async def list_user_groups(reader: Reader, actor: Actor) -> list[UserGroup]:
    found = [UserGroup(*row) for row in await reader.fetch(LIST, actor.user_id, None)]
    return sorted(found, key=lambda group: (name_key(group.handle), group.id))


async def get_user_group(reader: Reader, actor: Actor, group_id: UUID) -> UserGroup:
    row = await fetch_one(reader, LIST, actor.user_id, group_id)
    if row is None:
        raise NotFound(ErrorCode.USER_GROUP_NOT_FOUND)
    return UserGroup(*row)


async def create_user_group(
    connection: Connection,
    actor: Actor,
    handle: str,
    description: str,
    member_ids: Sequence[str],
) -> UserGroup:
    require(actor, Permission.EDIT_GROUP)
    await require_users(connection, actor, member_ids)
    await require_free_names(connection, "group", "", [handle])
    group_id: UUID = await connection.fetchval(CREATE, handle, description)
    await connection.execute(ADD, group_id, list(member_ids))
    await note(connection, actor, "user_group.created", group_id, handle=handle)
    return await changed(connection, actor, group_id)


async def change_user_group(
    connection: Connection, actor: Actor, group_id: UUID, values: Mapping[str, str]
) -> UserGroup:
    """`values`: its handle, its description or both."""
    if "handle" in values:
        await lock_names(connection)
    await lock_for_change(connection, actor, group_id)
    if "handle" in values:
        await require_free_names(connection, "group", str(group_id), [values["handle"]])
    await update_one(connection, "user_groups", group_id, values)
    return await edited(connection, actor, group_id, sorted(values))


async def add_to_group(
    connection: Connection, actor: Actor, group_id: UUID, user_id: str
) -> UserGroup:
    await lock_for_change(connection, actor, group_id)
    await require_users(connection, actor, [user_id])
    if not await change(connection, ADD, group_id, [user_id]):
        return await get_user_group(connection, actor, group_id)
    return await edited(connection, actor, group_id, ["members"])


async def remove_from_group(
    connection: Connection, actor: Actor, group_id: UUID, user_id: str
) -> UserGroup:
    await lock_for_change(connection, actor, group_id)
    if not await change(connection, REMOVE, group_id, user_id):
        return await get_user_group(connection, actor, group_id)
    return await edited(connection, actor, group_id, ["members"])


async def delete_user_group(connection: Connection, actor: Actor, group_id: UUID) -> UserGroup:
    """As it was. Those whom messages mentioned by it keep their mentions."""
    group = await get_user_group(connection, actor, group_id)
    require(actor, Permission.DELETE_GROUP)
    if not await change(connection, "DELETE FROM user_groups WHERE id = $1", group_id):
        raise NotFound(ErrorCode.USER_GROUP_NOT_FOUND)
    await note(connection, actor, "user_group.deleted", group_id, handle=group.handle)
    await append(connection, Event("user_group.deleted", {"groupId": group_id}))
    return group


async def leave_groups(connection: Connection, user_id: str) -> list[UUID]:
    """Takes a user out of all groups, and answers which ones; `changed` tells of each.

    Apart from it, so that rows are locked before the log is.
    """
    group_ids = [row[0] for row in await connection.fetch(OF_USER, user_id)]
    for group_id in group_ids:
        await connection.execute(LOCK, group_id)
        await connection.execute(REMOVE, group_id, user_id)
    return group_ids


async def lock_for_change(connection: Connection, actor: Actor, group_id: UUID) -> None:
    """Changes of one group wait for each other here, each until the other's event is there."""
    await get_user_group(connection, actor, group_id)
    require(actor, Permission.EDIT_GROUP)
    await connection.execute(LOCK, group_id)


async def edited(
    connection: Connection, actor: Actor, group_id: UUID, fields: Sequence[str]
) -> UserGroup:
    await note(connection, actor, "user_group.edited", group_id, fields=fields)
    return await changed(connection, actor, group_id)


async def changed(connection: Connection, actor: Actor, group_id: UUID) -> UserGroup:
    """The group as it is now, of which everybody but guests is told."""
    group = await get_user_group(connection, actor, group_id)
    await append(connection, Event("user_group.changed", {"group": group}))
    return group


async def note(
    connection: Connection, actor: Actor, action: str, group_id: UUID, **details: object
) -> None:
    await audit(connection, actor, action, Target("user_group", str(group_id)), **details)
