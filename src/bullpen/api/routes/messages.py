from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError

from bullpen.api.http import errors, schemas
from bullpen.api.http.dependencies import (
    CurrentActor,
    DatabaseDep,
    IdentifiedActor,
    StateDep,
    identified_actor,
    require_active_if_empty,
)
from bullpen.api.http.fast_path import FastHandler, FastRoute
from bullpen.api.http.fields import Emoji, Id, MessageId, MessageText, RequestBody, StoredEmoji
from bullpen.api.http.pagination import PageQuery, PageRoute, page_response
from bullpen.api.http.responses import json_response
from bullpen.api.http.state import state_of
from bullpen.chat import actions, posting, queries
from bullpen.kit.ids import new_id

PageQueryOf = Annotated[PageQuery, Query()]

router = APIRouter(prefix="/api", tags=["messages"], responses=errors.DOCUMENTED)
pages = APIRouter(route_class=PageRoute)

AGAIN: dict[int | str, dict[str, Any]] = {
    200: {"model": schemas.Message, "description": "It was sent before"}
}


class NewMessage(RequestBody):
    channel_id: Id
    text: MessageText
    parent_message_id: MessageId | None = None
    id: Annotated[
        MessageId | None, Field(description="Made by the client, so that it can send it again")
    ] = None


class PostRoute(FastRoute):
    def make_fast_handler(self) -> FastHandler:
        async def handle(request: Request) -> Response:
            try:
                body = NewMessage.model_validate_json(await request.body())
            except ValidationError as problem:
                problems = [error | {"loc": ("body", *error["loc"])} for error in problem.errors()]
                raise RequestValidationError(problems) from problem
            return await post_message(
                body, request, state_of(request), await identified_actor(request)
            )

        return handle


sending = APIRouter(route_class=PostRoute)


@sending.post(
    "/messages",
    response_model=schemas.Message,
    status_code=201,
    responses=errors.REFUSED | AGAIN,
)
async def post_message(
    body: NewMessage, request: Request, state: StateDep, actor: IdentifiedActor
) -> Response:
    """In a channel that one is a member of; a repeated `id` of one's own answers what is stored."""
    draft = posting.Draft(
        body.id or new_id(), body.channel_id, body.parent_message_id, actor.user_id, body.text
    )
    posted = posting.post(state.poster, state.database, actor, draft)
    message, made = await require_active_if_empty(request, actor, posted)
    return json_response(message, 201 if made else 200)


class MessageChange(RequestBody):
    text: MessageText


class Use(RequestBody):
    emoji: Emoji


class StoredUse(RequestBody):
    emoji: StoredEmoji


@pages.get("/channels/{channel_id}/messages", response_model=list[schemas.Message])
async def list_messages(
    channel_id: Id,
    request: Request,
    query: PageQueryOf,
    database: DatabaseDep,
    actor: IdentifiedActor,
) -> Response:
    """Top-level messages, oldest first: the newest, or those around a cursor (`Link` header)."""
    reading = queries.channel_messages(database, actor, channel_id, query.window())
    page = await require_active_if_empty(request, actor, reading)
    return page_response(request, page, query.limit)


@router.get("/messages/{message_id}", response_model=schemas.Message)
async def get_message(
    message_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> Response:
    return json_response(await queries.get_message(database, actor, message_id))


@router.patch("/messages/{message_id}", response_model=schemas.Message, responses=errors.REFUSED)
async def edit_message(
    message_id: MessageId, body: MessageChange, database: DatabaseDep, actor: CurrentActor
) -> Response:
    """One's own only."""
    async with database.transaction() as connection:
        message = await actions.edit_message(connection, actor, message_id, body.text)
    return json_response(message)


@router.delete("/messages/{message_id}", response_model=schemas.Message, responses=errors.REFUSED)
async def delete_message(
    message_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> Response:
    """One's own only, with its replies; answers what it was."""
    async with database.transaction() as connection:
        message = await actions.delete_message(connection, actor, message_id)
    return json_response(message)


@router.post(
    "/messages/{message_id}/reactions", response_model=schemas.Message, responses=errors.REFUSED
)
async def add_reaction(
    message_id: MessageId, body: Use, database: DatabaseDep, actor: CurrentActor
) -> Response:
    """A second identical one changes nothing."""
    async with database.transaction() as connection:
        message = await actions.add_reaction(connection, actor, message_id, body.emoji)
    return json_response(message)


@router.delete(
    "/messages/{message_id}/reactions", response_model=schemas.Message, responses=errors.REFUSED
)
async def remove_reaction(
    message_id: MessageId, body: StoredUse, database: DatabaseDep, actor: CurrentActor
) -> Response:
    """One's own; one that is not there changes nothing."""
    async with database.transaction() as connection:
        message = await actions.remove_reaction(connection, actor, message_id, body.emoji)
    return json_response(message)


@pages.get("/messages/{message_id}/replies", response_model=list[schemas.ThreadReply])
async def list_replies(
    message_id: MessageId,
    request: Request,
    query: PageQueryOf,
    database: DatabaseDep,
    actor: IdentifiedActor,
) -> Response:
    """Oldest first: the newest, or those around a cursor (`Link` header)."""
    reading = queries.thread_replies(database, actor, message_id, query.window())
    page = await require_active_if_empty(request, actor, reading)
    return page_response(request, page, query.limit)


router.include_router(pages)
router.include_router(sending)
