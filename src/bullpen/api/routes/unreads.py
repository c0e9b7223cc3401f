from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from bullpen.api.http import errors, schemas
from bullpen.api.http.dependencies import CurrentActor, DatabaseDep, IdentifiedActor, require_active
from bullpen.api.http.event_id import HEADER
from bullpen.api.http.fields import Id, MessageId, RequestBody
from bullpen.api.http.responses import json_response
from bullpen.chat import reading
from bullpen.chat.queries import Unreads, unread_threads, unreads
from bullpen.members.queries import get_channel

router = APIRouter(prefix="/api/unreads", tags=["unreads"], responses=errors.DOCUMENTED)


class MarkRead(RequestBody):
    channel_id: Id
    message_id: MessageId | None = None
    thread_id: Annotated[
        MessageId | None,
        Field(description="The message that a thread began with: its replies are marked instead"),
    ] = None


@router.get("", response_model=dict[str, int])
async def list_unreads(request: Request, database: DatabaseDep, actor: IdentifiedActor) -> Response:
    """By channel, where there are any; `X-Event-Id` is the last event that they count."""
    now = await unreads(database, actor)
    if not now.counts:
        await require_active(request, actor)
    return counted(now)


@router.get("/cursors", response_model=dict[str, schemas.ReadCursor])
async def list_cursors(database: DatabaseDep, actor: CurrentActor) -> Response:
    """Up to where the current user has read, by channel."""
    return json_response(await reading.read_cursors(database, actor))


@router.get("/threads", response_model=dict[str, schemas.UnreadThread])
async def list_unread_threads(database: DatabaseDep, actor: CurrentActor) -> Response:
    """Threads with unread replies that the current user began or replied in, by root message;
    `X-Event-Id` is the last event that they count."""
    found = await unread_threads(database, actor)
    return json_response(found.threads, headers={HEADER: str(found.event_id)})


@router.post("/mark-read", response_model=dict[str, int], responses=errors.REFUSED)
async def mark_read(body: MarkRead, database: DatabaseDep, actor: CurrentActor) -> Response:
    """Up to a message, or all that is in the channel or thread now; answers the counts of
    channels that remain."""
    await get_channel(database, actor, body.channel_id)
    async with database.transaction() as connection:
        if body.thread_id is None:
            await reading.mark_read(connection, actor, body.channel_id, body.message_id)
        else:
            await reading.mark_thread_read(
                connection, actor, body.channel_id, body.thread_id, body.message_id
            )
    return counted(await unreads(database, actor))


def counted(now: Unreads) -> Response:
    # Counts alone cannot be counted twice: with them, the number is exact.
    return json_response(now.counts, headers={HEADER: str(now.event_id)})
