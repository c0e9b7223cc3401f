"""The workspace itself: its name and icon, and what owners and admins change of it."""

from collections.abc import Mapping
from typing import Annotated

from asyncpg import Connection
from msgspec import UNSET, Meta, Struct, UnsetType

from bullpen.audit.actions import Target
from bullpen.events.actions import Event, append
from bullpen.kit.sql import update_one
from bullpen.members.actor import Actor
from bullpen.members.audit_trail import audit
from bullpen.members.permissions import Permission, require
from bullpen.members.queries import WORKSPACE, Icon, WorkspaceRow, icon_path

SHOW_PREVIEWS = "INSERT INTO workspace_link_previews DEFAULT VALUES ON CONFLICT DO NOTHING"
SHOW_NO_PREVIEWS = "DELETE FROM workspace_link_previews"


class WorkspaceShown(Struct, rename="camel"):
    """The workspace that everybody here is in."""

    name: Annotated[str, Meta(description="Its name.")]
    icon: Icon = UNSET
    shows_link_previews: (
        Annotated[
            bool,
            Meta(
                description="Whether it shows previews of pages that messages link to. Left out if"
                " it does not."
            ),
        ]
        | UnsetType
    ) = UNSET


def shown(row: WorkspaceRow) -> WorkspaceShown:
    previews = True if row.shows_link_previews else UNSET
    return WorkspaceShown(row.name, icon_path(row.icon), previews)


async def workspace_changed(connection: Connection) -> Event:
    row = await connection.fetchrow(WORKSPACE)
    assert row is not None
    return Event("workspace.changed", {"workspace": shown(WorkspaceRow(*row))})


async def change_workspace(
    connection: Connection, actor: Actor, values: Mapping[str, object]
) -> None:
    require(actor, Permission.EDIT_WORKSPACE)
    if values:
        columns = dict(values)
        # One change after the other, also of the same field: the last one has the last event.
        await connection.execute("SELECT FROM workspace FOR UPDATE")
        match columns.pop("shows_link_previews", None):
            case True:
                await connection.execute(SHOW_PREVIEWS)
            case False:
                await connection.execute(SHOW_NO_PREVIEWS)
        await update_one(connection, "workspace", 1, columns)
        target = Target("workspace", "workspace")
        await audit(connection, actor, "workspace.edited", target, **values)
        await append(connection, await workspace_changed(connection))
