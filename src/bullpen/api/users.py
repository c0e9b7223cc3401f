from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from bullpen.api import errors, schemas
from bullpen.api.answers import answer
from bullpen.api.session import ActorOf, IdentifiedOf, found
from bullpen.api.state import DatabaseOf
from bullpen.api.values import Body, Emoji, Id, Text
from bullpen.members import actions, queries
from bullpen.members.queries import Presence

router = APIRouter(prefix="/api/users", tags=["users"], responses=errors.DOCUMENTED)


class StatusChange(Body):
    emoji: Emoji
    text: Annotated[Text, Field(max_length=100)]


class PresenceChange(Body):
    presence: Presence


@router.get("", response_model=list[schemas.User])
async def list_users(request: Request, database: DatabaseOf, actor: IdentifiedOf) -> Response:
    return answer(await found(request, actor, queries.list_users(database, actor)))


@router.get("/{user_id}", response_model=schemas.User)
async def get_user(user_id: Id, database: DatabaseOf, actor: ActorOf) -> Response:
    return answer(await queries.get_user(database, actor, user_id))


@router.put("/{user_id}/status", response_model=schemas.User, responses=errors.REFUSED)
async def set_status(
    user_id: Id, body: StatusChange | None, database: DatabaseOf, actor: ActorOf
) -> Response:
    """One's own only; null takes it away."""
    status = None if body is None else queries.Status(body.emoji, body.text)
    async with database.transaction() as connection:
        await actions.set_status(connection, actor, user_id, status)
    return answer(await queries.get_user(database, actor, user_id))


@router.put("/{user_id}/presence", response_model=schemas.User, responses=errors.REFUSED)
async def set_presence(
    user_id: Id, body: PresenceChange, database: DatabaseOf, actor: ActorOf
) -> Response:
    """One's own only."""
    async with database.transaction() as connection:
        await actions.set_presence(connection, actor, user_id, body.presence)
    return answer(await queries.get_user(database, actor, user_id))
