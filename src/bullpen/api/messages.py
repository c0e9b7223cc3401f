from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from bullpen.api import errors, schemas
from bullpen.api.answers import answer
from bullpen.api.pages import PageQuery, PageRoute, paged
from bullpen.api.session import ActorOf, IdentifiedOf, found
from bullpen.api.state import DatabaseOf
from bullpen.api.values import Body, Emoji, Id, MessageId, MessageText, StoredEmoji
from bullpen.chat import actions, queries

PageQueryOf = Annotated[PageQuery, Query()]

router = APIRouter(prefix="/api", tags=["messages"], responses=errors.DOCUMENTED)
pages = APIRouter(
    prefix="/api", tags=["messages"], responses=errors.DOCUMENTED, route_class=PageRoute
)


class MessageChange(Body):
    text: MessageText


class Use(Body):
    emoji: Emoji


class StoredUse(Body):
    emoji: StoredEmoji


@pages.get("/channels/{channel_id}/messages", response_model=list[schemas.Message])
async def list_messages(
    channel_id: Id, request: Request, query: PageQueryOf, database: DatabaseOf, actor: IdentifiedOf
) -> Response:
    """Top-level messages, oldest first: the newest, or those around a cursor (`Link` header)."""
    reading = queries.channel_messages(database, actor, channel_id, query.window())
    page = await found(request, actor, reading)
    return paged(request, page, query.limit)


@router.get("/messages/{message_id}", response_model=schemas.Message)
async def get_message(message_id: MessageId, database: DatabaseOf, actor: ActorOf) -> Response:
    return answer(await queries.get_message(database, actor, message_id))


@router.patch("/messages/{message_id}", response_model=schemas.Message, responses=errors.REFUSED)
async def edit_message(
    message_id: MessageId, body: MessageChange, database: DatabaseOf, actor: ActorOf
) -> Response:
    """One's own only."""
    async with database.transaction() as connection:
        message = await actions.edit_message(connection, actor, message_id, body.text)
    return answer(message)


@router.delete("/messages/{message_id}", response_model=schemas.Message, responses=errors.REFUSED)
async def delete_message(message_id: MessageId, database: DatabaseOf, actor: ActorOf) -> Response:
    """One's own only, with its replies; answers what it was."""
    async with database.transaction() as connection:
        message = await actions.delete_message(connection, actor, message_id)
    return answer(message)


@router.post(
    "/messages/{message_id}/reactions", response_model=schemas.Message, responses=errors.REFUSED
)
async def add_reaction(
    message_id: MessageId, body: Use, database: DatabaseOf, actor: ActorOf
) -> Response:
    """A second identical one changes nothing."""
    async with database.transaction() as connection:
        message = await actions.add_reaction(connection, actor, message_id, body.emoji)
    return answer(message)


@router.delete(
    "/messages/{message_id}/reactions", response_model=schemas.Message, responses=errors.REFUSED
)
async def remove_reaction(
    message_id: MessageId, body: StoredUse, database: DatabaseOf, actor: ActorOf
) -> Response:
    """One's own; one that is not there changes nothing."""
    async with database.transaction() as connection:
        message = await actions.remove_reaction(connection, actor, message_id, body.emoji)
    return answer(message)


@pages.get("/messages/{message_id}/replies", response_model=list[schemas.ThreadReply])
async def list_replies(
    message_id: MessageId,
    request: Request,
    query: PageQueryOf,
    database: DatabaseOf,
    actor: IdentifiedOf,
) -> Response:
    """Oldest first: the newest, or those around a cursor (`Link` header)."""
    reading = queries.thread_replies(database, actor, message_id, query.window())
    page = await found(request, actor, reading)
    return paged(request, page, query.limit)
