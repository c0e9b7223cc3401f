"""Profile pictures and the workspace's icon: one can send any picture, and gets a safe one back."""

from typing import Any

from fastapi import Request, Response

from bullpen.api.http.dependencies import (
    CurrentActor,
    DatabaseDep,
    IdentifiedActor,
    StateDep,
    require_active_if_empty,
)
from bullpen.api.http.etags import is_known
from bullpen.api.http.fields import Id
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.api.http.stored_pictures import FOREVER, picture_response, picture_responses
from bullpen.api.http.uploads import ACCEPTED, read_upload, received
from bullpen.kit.pictures import square_picture
from bullpen.members import pictures
from bullpen.members.permissions import Permission, require
from bullpen.members.queries import User, get_user
from bullpen.members.workspace import WorkspaceShown, shown

of_users = Router(prefix="/api/users/{user_id}/picture", tags=["users"])
icon = Router(prefix="/api/workspace/icon", tags=["workspace"])

BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in ACCEPTED},
    }
}
SERVED = picture_responses("The picture.")


@of_users.put("", openapi_extra=BODY)
async def set_picture(
    user_id: Id, request: Request, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[User]:
    """Set a user's picture.

    Send a JPEG, PNG, WebP or GIF picture of at most 8 MB as the body. Its middle is kept as a
    still square of 256 pixels, without metadata. People set their own picture, admins those of
    members and guests, and owners everybody's. An agent's picture is set by those who may edit
    the agent.
    """
    await received(request)
    async with database.transaction() as connection:
        await pictures.require_picture_change(connection, actor, user_id)
    picture = await square_picture(await read_upload(request))
    async with database.transaction() as connection:
        await pictures.set_picture(connection, actor, user_id, picture)
    return json_response(await get_user(database, actor, user_id))


@of_users.delete("")
async def remove_picture(
    user_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[User]:
    """Remove a user's picture.

    Their initials are shown instead. Those who may set the picture may remove it.
    """
    async with database.transaction() as connection:
        await pictures.set_picture(connection, actor, user_id, None)
    return json_response(await get_user(database, actor, user_id))


@of_users.get("/{version}", response_class=Response, responses=SERVED)
async def get_picture(
    user_id: Id, version: Id, request: Request, database: DatabaseDep, actor: IdentifiedActor
) -> Response:
    """Get a user's picture.

    For everybody who can see the user. `picture` of a user has this path. What is there never
    changes.
    """
    tag = f'"{version}"'
    known = is_known(request, tag)
    reading = pictures.get_picture(database, actor, user_id, version, known=known)
    stored = await require_active_if_empty(request, actor, reading)
    return picture_response(stored.content, tag, FOREVER)


@icon.put("", openapi_extra=BODY)
async def set_icon(
    request: Request, state: StateDep, actor: CurrentActor
) -> JsonResponse[WorkspaceShown]:
    """Set the workspace's icon.

    Takes the same pictures as profiles do. Only owners and admins can do this.
    """
    await received(request)
    require(actor, Permission.EDIT_WORKSPACE)
    picture = await square_picture(await read_upload(request))
    async with state.database.transaction() as connection:
        await pictures.set_icon(connection, actor, picture)
    return json_response(shown(await state.read_workspace()))


@icon.delete("")
async def remove_icon(state: StateDep, actor: CurrentActor) -> JsonResponse[WorkspaceShown]:
    """Remove the workspace's icon.

    Only owners and admins can do this.
    """
    async with state.database.transaction() as connection:
        await pictures.set_icon(connection, actor, None)
    return json_response(shown(await state.read_workspace()))


@icon.get("/{version}", response_class=Response, responses=SERVED)
async def get_icon(
    version: Id, request: Request, database: DatabaseDep, actor: IdentifiedActor
) -> Response:
    """Get the workspace's icon.

    The path is that of `icon` in the workspace. What is there never changes.
    """
    tag = f'"{version}"'
    reading = pictures.get_icon(database, actor, version, known=is_known(request, tag))
    stored = await require_active_if_empty(request, actor, reading)
    return picture_response(stored.content, tag, FOREVER)
