from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from bullpen.api.http import errors, schemas
from bullpen.api.http.dependencies import (
    CurrentActor,
    DatabaseDep,
    IdentifiedActor,
    require_active_if_empty,
)
from bullpen.api.http.fields import Emoji, Id, RequestBody, Text
from bullpen.api.http.responses import json_response
from bullpen.members import actions, queries
from bullpen.members.queries import Presence

router = APIRouter(prefix="/api/users", tags=["users"], responses=errors.DOCUMENTED)


class StatusChange(RequestBody):
    emoji: Emoji
    text: Annotated[Text, Field(max_length=100)]


class PresenceChange(RequestBody):
    presence: Presence


@router.get("", response_model=list[schemas.User])
async def list_users(request: Request, database: DatabaseDep, actor: IdentifiedActor) -> Response:
    return json_response(
        await require_active_if_empty(request, actor, queries.list_users(database, actor))
    )


@router.get("/{user_id}", response_model=schemas.User)
async def get_user(user_id: Id, database: DatabaseDep, actor: CurrentActor) -> Response:
    return json_response(await queries.get_user(database, actor, user_id))


@router.put("/{user_id}/status", response_model=schemas.User, responses=errors.REFUSED)
async def set_status(
    user_id: Id, body: StatusChange | None, database: DatabaseDep, actor: CurrentActor
) -> Response:
    """One's own only; null takes it away."""
    status = None if body is None else queries.Status(body.emoji, body.text)
    async with database.transaction() as connection:
        await actions.set_status(connection, actor, user_id, status)
    return json_response(await queries.get_user(database, actor, user_id))


@router.put("/{user_id}/presence", response_model=schemas.User, responses=errors.REFUSED)
async def set_presence(
    user_id: Id, body: PresenceChange, database: DatabaseDep, actor: CurrentActor
) -> Response:
    """One's own only."""
    async with database.transaction() as connection:
        await actions.set_presence(connection, actor, user_id, body.presence)
    return json_response(await queries.get_user(database, actor, user_id))
