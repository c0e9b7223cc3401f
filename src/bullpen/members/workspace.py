"""The workspace itself: its name and icon, and what owners and admins change of it."""

from collections.abc import Mapping
from typing import Annotated

from asyncpg import Connection
from msgspec import UNSET, Meta, Struct

from bullpen.audit.actions import Target
from bullpen.events.actions import Event, append
from bullpen.kit.sql import update_one
from bullpen.members.actor import Actor
from bullpen.members.audit_trail import audit
from bullpen.members.permissions import Permission, require
from bullpen.members.queries import WORKSPACE, Icon, WorkspaceRow, icon_path


class WorkspaceShown(Struct):
    """The workspace that everybody here is in."""

    name: Annotated[str, Meta(description="Its name.")]
    icon: Icon = UNSET


def shown(row: WorkspaceRow) -> WorkspaceShown:
    return WorkspaceShown(row.name, icon_path(row.icon))


async def workspace_changed(connection: Connection) -> Event:
    row = await connection.fetchrow(WORKSPACE)
    assert row is not None
    return Event("workspace.changed", {"workspace": shown(WorkspaceRow(*row))})


async def change_workspace(
    connection: Connection, actor: Actor, values: Mapping[str, object]
) -> None:
    require(actor, Permission.EDIT_WORKSPACE)
    if values:
        await update_one(connection, "workspace", 1, values)
        target = Target("workspace", "workspace")
        await audit(connection, actor, "workspace.edited", target, **values)
        await append(connection, await workspace_changed(connection))
