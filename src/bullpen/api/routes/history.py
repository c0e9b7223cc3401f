"""The workspace as of an earlier moment, read-only."""

from typing import Annotated

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, Field

from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import Id, MessageId
from bullpen.api.http.pagination import Limit
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.history import channels, memory, moments, queue

router = Router(prefix="/api/history", tags=["history"])

At = Annotated[
    AwareDatetime, Field(description="The moment, with its time zone, such as 2026-03-04T12:00Z.")
]


class MomentQuery(BaseModel):
    at: At


class PastPageQuery(MomentQuery):
    limit: Limit = 50
    before: Annotated[
        MessageId | None, Field(description="Only messages before the one with this id.")
    ] = None


class MomentsQuery(MomentQuery):
    agent_id: Annotated[
        Id | None, Field(alias="agentId", description="Changes of this agent's memory count, too.")
    ] = None


class QueueQuery(MomentQuery):
    channel_id: Annotated[
        Id | None, Field(alias="channelId", description="Only runs in this channel.")
    ] = None
    agent_id: Annotated[
        Id | None, Field(alias="agentId", description="Only runs of this agent.")
    ] = None


@router.get("/channels/{channel_id}/messages")
async def get_past_messages(
    channel_id: Id,
    query: Annotated[PastPageQuery, Query()],
    database: DatabaseDep,
    actor: CurrentActor,
) -> JsonResponse[channels.PastMessages]:
    """Get the messages of a channel as of a moment.

    Returns the newest top-level messages of that moment with the text and the reactions that they
    had. Messages and reactions that were removed since are not in it.
    """
    found = await channels.channel_at(
        database, actor, channel_id, query.at, query.before, query.limit
    )
    return json_response(found)


@router.get("/messages/{message_id}/replies")
async def get_past_replies(
    message_id: MessageId,
    query: Annotated[PastPageQuery, Query()],
    database: DatabaseDep,
    actor: CurrentActor,
) -> JsonResponse[channels.PastMessages]:
    """Get the replies of a thread as of a moment.

    Returns the newest replies of that moment with the text and the reactions that they had.
    """
    found = await channels.thread_at(
        database, actor, message_id, query.at, query.before, query.limit
    )
    return json_response(found)


@router.get("/channels/{channel_id}/moments")
async def get_moments(
    channel_id: Id,
    query: Annotated[MomentsQuery, Query()],
    database: DatabaseDep,
    actor: CurrentActor,
) -> JsonResponse[moments.Moments]:
    """Get the moments of a channel around one.

    Returns when the channel's history begins, and the changes before and after the moment.
    """
    found = await moments.moments(database, actor, channel_id, query.at, query.agent_id)
    return json_response(found)


@router.get("/agents/{agent_id}/memory")
async def get_past_memory(
    agent_id: Id, query: Annotated[MomentQuery, Query()], database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[memory.PastMemory]:
    """Get an agent's memory as of a moment.

    Returns the memory blocks, the private notes that the current user can see, and the newest
    passages, as they were. What was deleted since is not in it.
    """
    return json_response(await memory.memory_at(database, actor, agent_id, query.at))


@router.get("/queue")
async def get_past_queue(
    query: Annotated[QueueQuery, Query()], database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[queue.PastQueue]:
    """Get the queue as of a moment.

    Returns the runs that waited or were under way, as far as the current user can see them.
    """
    found = await queue.queue_at(database, actor, query.at, query.channel_id, query.agent_id)
    return json_response(found)
