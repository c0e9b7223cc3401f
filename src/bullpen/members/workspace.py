"""The workspace itself: what owners and admins change of it."""

from collections.abc import Mapping

from asyncpg import Connection

from bullpen.audit.actions import Target
from bullpen.kit.sql import update_one
from bullpen.members.actor import Actor
from bullpen.members.audit_trail import audit
from bullpen.members.permissions import Permission, require


async def change_workspace(
    connection: Connection, actor: Actor, values: Mapping[str, object]
) -> None:
    require(actor, Permission.EDIT_WORKSPACE)
    if values:
        await update_one(connection, "workspace", 1, values)
        target = Target("workspace", "workspace")
        await audit(connection, actor, "workspace.edited", target, **values)
