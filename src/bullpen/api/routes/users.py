from typing import Annotated

from fastapi import Request
from pydantic import Field

from bullpen.api.http.dependencies import (
    CurrentActor,
    DatabaseDep,
    IdentifiedActor,
    require_active_if_empty,
)
from bullpen.api.http.fields import Emoji, Id, RequestBody, Text
from bullpen.api.http.lists import ListRoute
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.members import actions, queries
from bullpen.members.queries import Presence, User

router = Router(prefix="/api/users", tags=["users"])
lists = Router(prefix="/api/users", tags=["users"], route_class=ListRoute)


class StatusChange(RequestBody):
    """What a user is doing."""

    emoji: Annotated[Emoji, Field(description="One emoji.")]
    text: Annotated[Text, Field(max_length=100, description="A few words; may be empty.")]


class PresenceChange(RequestBody):
    """Whether a user is available."""

    presence: Annotated[Presence, Field(description="The availability to show to others.")]


@lists.get("")
async def list_users(
    request: Request, database: DatabaseDep, actor: IdentifiedActor
) -> JsonResponse[list[User]]:
    """List users.

    Returns all active users.
    """
    return json_response(
        await require_active_if_empty(request, actor, queries.list_users(database, actor))
    )


@router.get("/{user_id}")
async def get_user(user_id: Id, database: DatabaseDep, actor: CurrentActor) -> JsonResponse[User]:
    """Get a user.

    Inactive users are found, too, because their messages remain.
    """
    return json_response(await queries.get_user(database, actor, user_id))


@router.put("/{user_id}/status")
async def set_status(
    user_id: Id, body: StatusChange | None, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[User]:
    """Set one's status.

    Users can set only their own status. Send `null` to clear it.
    """
    status = None if body is None else queries.Status(body.emoji, body.text)
    async with database.transaction() as connection:
        await actions.set_status(connection, actor, user_id, status)
    return json_response(await queries.get_user(database, actor, user_id))


@router.put("/{user_id}/presence")
async def set_presence(
    user_id: Id, body: PresenceChange, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[User]:
    """Set one's presence.

    Users can set only their own presence.
    """
    async with database.transaction() as connection:
        await actions.set_presence(connection, actor, user_id, body.presence)
    return json_response(await queries.get_user(database, actor, user_id))
