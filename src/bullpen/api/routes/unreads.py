from typing import Annotated

from fastapi import Request
from pydantic import Field

from bullpen.api.http.dependencies import CurrentActor, DatabaseDep, IdentifiedActor, require_active
from bullpen.api.http.event_id import HEADER
from bullpen.api.http.fields import Id, MessageId, RequestBody
from bullpen.api.http.lists import ListRoute
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.chat import read_state
from bullpen.chat.queries import ReadCursor, Unreads, UnreadThread, unread_threads, unreads
from bullpen.members.queries import get_channel

router = Router(prefix="/api/unreads", tags=["unreads"])
lists = Router(prefix="/api/unreads", tags=["unreads"], route_class=ListRoute)


class MarkRead(RequestBody):
    """What the current user has read."""

    channel_id: Annotated[Id, Field(description="Id of the channel.")]
    message_id: Annotated[
        MessageId | None, Field(description="Id of the newest message read. Left out: all.")
    ] = None
    thread_id: Annotated[
        MessageId | None,
        Field(description="Id of the first message of a thread. Its replies are marked instead."),
    ] = None


class MarkUnread(RequestBody):
    """From which message on the current user wants to read again."""

    channel_id: Annotated[Id, Field(description="Id of the channel.")]
    message_id: Annotated[
        MessageId, Field(description="Id of the message, or reply, to mark as unread.")
    ]


@lists.get("")
async def list_unreads(
    request: Request, database: DatabaseDep, actor: IdentifiedActor
) -> JsonResponse[dict[str, int]]:
    """Count unread messages.

    Returns the number of unread messages by channel id, without channels that have none. Apply
    only events with a number above the `X-Event-Id` header to these counts.
    """
    now = await unreads(database, actor)
    if not now.counts:
        await require_active(request, actor)
    return counted(now)


@router.get("/cursors")
async def list_cursors(
    database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[dict[str, ReadCursor]]:
    """List read positions.

    Returns the newest message that the current user has read, by channel id.
    """
    return json_response(await read_state.read_cursors(database, actor))


@router.get("/threads")
async def list_unread_threads(
    database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[dict[str, UnreadThread]]:
    """List unread threads.

    Returns the threads with unread replies that the current user began or replied in, by the id
    of their first message. Apply only events with a number above the `X-Event-Id` header to
    them.
    """
    found = await unread_threads(database, actor)
    return json_response(found.threads, headers={HEADER: str(found.event_id)})


@router.post("/mark-read")
async def mark_read(
    body: MarkRead, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[dict[str, int]]:
    """Mark messages as read.

    Marks a channel, or with `threadId` a thread, as read up to `messageId`, or completely if it
    is left out. Returns the unread counts like `GET /api/unreads`.
    """
    await get_channel(database, actor, body.channel_id)
    async with database.transaction() as connection:
        if body.thread_id is None:
            await read_state.mark_read(connection, actor, body.channel_id, body.message_id)
        else:
            await read_state.mark_thread_read(
                connection, actor, body.channel_id, body.thread_id, body.message_id
            )
    return counted(await unreads(database, actor))


@router.post("/mark-unread")
async def mark_unread(
    body: MarkUnread, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[dict[str, int]]:
    """Mark messages as unread.

    Marks a message and all after it in its channel as unread, or a reply and all after it in its
    thread. Your own messages never count as unread. Returns the unread counts like
    `GET /api/unreads`.
    """
    await get_channel(database, actor, body.channel_id)
    async with database.transaction() as connection:
        await read_state.mark_unread(connection, actor, body.channel_id, body.message_id)
    return counted(await unreads(database, actor))


def counted(now: Unreads) -> JsonResponse[dict[str, int]]:
    # Counts alone cannot be counted twice: with them, the number is exact.
    return json_response(now.counts, headers={HEADER: str(now.event_id)})
