"""Profile pictures and the workspace's icon."""

from asyncpg import Connection
from msgspec import Struct

from bullpen.audit.actions import Target
from bullpen.events.actions import append
from bullpen.kit.database import Reader, fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.kit.pictures import Picture
from bullpen.members.access import ACTIVE, sees
from bullpen.members.actions import user_changed
from bullpen.members.actor import Actor
from bullpen.members.administration import require_over
from bullpen.members.audit_trail import audit
from bullpen.members.conditions import require_for
from bullpen.members.permissions import Permission, require
from bullpen.members.queries import User, get_user
from bullpen.members.workspace import workspace_changed

# The content is not read for a client that has it already.
PICTURE = f"""
SELECT CASE WHEN $4 THEN NULL ELSE content END FROM user_pictures
WHERE user_id = $2 AND version = $3 AND {sees("$2")} AND {ACTIVE}
"""
SET_PICTURE = """
INSERT INTO user_pictures (user_id, version, content) VALUES ($1, $2, $3)
ON CONFLICT (user_id) DO UPDATE
SET version = EXCLUDED.version, content = EXCLUDED.content, updated_at = now()
"""
REMOVE_PICTURE = "DELETE FROM user_pictures WHERE user_id = $1"
# Changes of one user's picture wait for each other here.
LOCK_USER = "SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE"

ICON = f"""
SELECT CASE WHEN $3 THEN NULL ELSE content END FROM workspace_icon
WHERE version = $2 AND {ACTIVE}
"""
SET_ICON = """
INSERT INTO workspace_icon (workspace_id, version, content) VALUES (1, $1, $2)
ON CONFLICT (workspace_id) DO UPDATE
SET version = EXCLUDED.version, content = EXCLUDED.content, updated_at = now()
"""
REMOVE_ICON = "DELETE FROM workspace_icon"


class Stored(Struct, frozen=True):
    """None for a client that has the content already."""

    content: bytes | None


async def get_picture(
    reader: Reader, actor: Actor, user_id: str, version: str, *, known: bool
) -> Stored:
    row = await fetch_one(reader, PICTURE, actor.user_id, user_id, version, known)
    if row is None:
        raise NotFound(ErrorCode.PICTURE_NOT_FOUND)
    return Stored(row[0])


async def get_icon(reader: Reader, actor: Actor, version: str, *, known: bool) -> Stored:
    row = await fetch_one(reader, ICON, actor.user_id, version, known)
    if row is None:
        raise NotFound(ErrorCode.PICTURE_NOT_FOUND)
    return Stored(row[0])


async def require_picture_change(connection: Connection, actor: Actor, user_id: str) -> User:
    """People change their own picture; an agent's is changed by those who may edit the agent."""
    user = await get_user(connection, actor, user_id)
    if user.kind == "agent":
        await require_for(connection, actor, Permission.EDIT_AGENT, agent_id=user_id)
    else:
        await require_over(connection, actor, Permission.EDIT_PERSON, user_id)
    return user


async def set_picture(
    connection: Connection, actor: Actor, user_id: str, picture: Picture | None
) -> None:
    """None removes it."""
    user = await require_picture_change(connection, actor, user_id)
    await connection.execute(LOCK_USER, user_id)
    if picture is None:
        await connection.execute(REMOVE_PICTURE, user_id)
    else:
        await connection.execute(SET_PICTURE, user_id, picture.version, picture.content)
    target = Target(user.kind, user_id)
    await audit(connection, actor, f"{user.kind}.edited", target, fields=["picture"])
    await append(connection, await user_changed(connection, actor, user_id))


async def set_icon(connection: Connection, actor: Actor, picture: Picture | None) -> None:
    """None removes it."""
    require(actor, Permission.EDIT_WORKSPACE)
    if picture is None:
        await connection.execute(REMOVE_ICON)
    else:
        await connection.execute(SET_ICON, picture.version, picture.content)
    target = Target("workspace", "workspace")
    await audit(connection, actor, "workspace.edited", target, fields=["icon"])
    await append(connection, await workspace_changed(connection))
