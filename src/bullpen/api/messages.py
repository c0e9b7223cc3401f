from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from bullpen.api import errors, schemas
from bullpen.api.answers import answer
from bullpen.api.pages import PageQuery, PageRoute, paged
from bullpen.api.session import ActorOf
from bullpen.api.state import DatabaseOf
from bullpen.api.values import Id, MessageId
from bullpen.chat import queries

PageQueryOf = Annotated[PageQuery, Query()]

router = APIRouter(prefix="/api", tags=["messages"], responses=errors.DOCUMENTED)
pages = APIRouter(
    prefix="/api", tags=["messages"], responses=errors.DOCUMENTED, route_class=PageRoute
)


@pages.get("/channels/{channel_id}/messages", response_model=list[schemas.Message])
async def list_messages(
    channel_id: Id, request: Request, query: PageQueryOf, database: DatabaseOf, actor: ActorOf
) -> Response:
    """Top-level messages, oldest first: the newest, or those around a cursor (`Link` header)."""
    page = await queries.channel_messages(database, actor, channel_id, query.window())
    return paged(request, page, query.limit)


@router.get("/messages/{message_id}", response_model=schemas.Message)
async def get_message(message_id: MessageId, database: DatabaseOf, actor: ActorOf) -> Response:
    return answer(await queries.get_message(database, actor, message_id))


@pages.get("/messages/{message_id}/replies", response_model=list[schemas.ThreadReply])
async def list_replies(
    message_id: MessageId,
    request: Request,
    query: PageQueryOf,
    database: DatabaseOf,
    actor: ActorOf,
) -> Response:
    """Oldest first: the newest, or those around a cursor (`Link` header)."""
    page = await queries.thread_replies(database, actor, message_id, query.window())
    return paged(request, page, query.limit)
