"""What concerns the current user in particular."""

from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel, Field

from bullpen.api.http.dependencies import CurrentActor, DatabaseDep, IdentifiedActor, require_active
from bullpen.api.http.fields import MessageId, RequestBody, Text
from bullpen.api.http.pagination import Limit
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.chat import inbox, inbox_actions
from bullpen.chat.inbox_sql import Kind
from bullpen.chat.queries import InboxUnread

router = Router(prefix="/api/inbox", tags=["unreads"])


class InboxQuery(BaseModel):
    kind: Annotated[
        Kind | None,
        Field(
            description="Only items of this kind. Left out: all; a mention in a reply is then part"
            " of its thread."
        ),
    ] = None
    unread: Annotated[bool, Field(description="Only unread items.")] = False
    before: Annotated[
        Text | None, Field(max_length=300, description="`nextCursor` of the previous page.")
    ] = None
    limit: Limit = 30


class MarkItem(RequestBody):
    """Which item of the inbox to mark."""

    kind: Annotated[Kind, Field(description="Kind of the item.")]
    id: Annotated[MessageId, Field(description="Id of the item.")]


class MarkAll(RequestBody):
    """Which items of the inbox to mark."""

    kind: Annotated[Kind | None, Field(description="Kind of the items. Left out: all.")] = None


@router.get("")
async def list_inbox(
    request: Request,
    query: Annotated[InboxQuery, Query()],
    database: DatabaseDep,
    actor: IdentifiedActor,
) -> JsonResponse[inbox.InboxPage]:
    """List the inbox.

    Returns threads that the current user follows and others have replied in, messages that
    mention the current user, and their own messages that others have reacted to, newest first.
    Only channels that they can read are included.
    """
    found = await inbox.list_inbox(
        database,
        actor,
        kind=query.kind,
        unread_only=query.unread,
        before=query.before,
        limit=query.limit,
    )
    if not found.items:
        await require_active(request, actor)
    return json_response(found)


@router.get("/unread")
async def get_inbox_unread(database: DatabaseDep, actor: CurrentActor) -> JsonResponse[InboxUnread]:
    """Count what is unread in the inbox.

    Threads are not included: `GET /api/sidebar` lists the unread ones.
    """
    return json_response(await inbox.inbox_unread(database, actor))


@router.post("/mark-read")
async def mark_item_read(
    body: MarkItem, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[InboxUnread]:
    """Mark an item of the inbox as read.

    Of a thread, all its replies are marked; of a mention in a reply, its thread up to that reply.
    A mention outside of threads, or reactions, are marked alone. Returns the unread counts like
    `GET /api/inbox/unread`.
    """
    async with database.transaction() as connection:
        await inbox_actions.mark_item(connection, actor, body.kind, body.id, read=True)
    return json_response(await inbox.inbox_unread(database, actor))


@router.post("/mark-unread")
async def mark_item_unread(
    body: MarkItem, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[InboxUnread]:
    """Mark an item of the inbox as unread.

    Of a thread, its newest reply is marked; of a mention in a reply, its thread from that reply
    on. Returns the unread counts like `GET /api/inbox/unread`.
    """
    async with database.transaction() as connection:
        await inbox_actions.mark_item(connection, actor, body.kind, body.id, read=False)
    return json_response(await inbox.inbox_unread(database, actor))


@router.post("/mark-all-read")
async def mark_all_read(
    body: MarkAll, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[InboxUnread]:
    """Mark the whole inbox as read.

    Or all items of one kind. Returns the unread counts like `GET /api/inbox/unread`.
    """
    async with database.transaction() as connection:
        await inbox_actions.mark_all_read(connection, actor, body.kind)
    return json_response(await inbox.inbox_unread(database, actor))
