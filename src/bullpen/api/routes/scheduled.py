from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel, Field

from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import Id, MessageId, Moment, RequestBody, Text
from bullpen.api.http.pagination import LARGEST_PAGE, Limit
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.kit.pagination import Window
from bullpen.schedule import messages

router = Router(prefix="/api/scheduled", tags=["schedule"])


class NewScheduledMessage(RequestBody):
    """A prompt to schedule."""

    agent_id: Annotated[Id, Field(description="Id of the agent that gets it.")]
    trigger_at: Annotated[
        Moment, Field(description="When it is due, with a time zone. If in the past: at once.")
    ]
    prompt: Annotated[
        Text, Field(min_length=1, max_length=20_000, description="What the agent is asked to do.")
    ]
    target_channel_id: Annotated[
        Id | None, Field(description="Id of the channel to reply in. Null: the agent decides.")
    ] = None


class ScheduledQuery(BaseModel):
    agent_id: Annotated[
        Id | None, Field(alias="agentId", description="Only those of this agent.")
    ] = None
    status: Annotated[messages.Status | None, Field(description="Only those in this state.")] = None
    limit: Limit = LARGEST_PAGE
    before: Annotated[
        MessageId | None, Field(description="Only those due before the one with this id.")
    ] = None


@router.get("")
async def list_scheduled(
    request: Request,
    query: Annotated[ScheduledQuery, Query()],
    database: DatabaseDep,
    actor: CurrentActor,
) -> JsonResponse[list[messages.ScheduledMessage]]:
    """List scheduled messages.

    Returns the latest ones in order of their times. The `Link` header has the address of the
    page before.
    """
    window = Window(query.limit, "before" if query.before else "newest", query.before)
    page = await messages.list_scheduled(
        database, actor, window, agent_id=query.agent_id, status=query.status
    )
    headers = {}
    if page.older:
        url = request.url.include_query_params(before=page.items[0].id)
        headers["Link"] = f'<{url}>; rel="prev"'
    return json_response(page.items, headers=headers)


@router.post("", status_code=201)
async def schedule(
    body: NewScheduledMessage, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[messages.ScheduledMessage]:
    """Schedule a message.

    The agent gets the prompt at that time, or at once if the time is in the past.
    """
    async with database.transaction() as connection:
        made = await messages.schedule(
            connection, actor, body.agent_id, body.trigger_at, body.prompt, body.target_channel_id
        )
    return json_response(made, 201)


@router.delete("/{scheduled_id}")
async def cancel(
    scheduled_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[messages.ScheduledMessage]:
    """Cancel a scheduled message.

    Only pending ones can be canceled. Returns the canceled message.
    """
    async with database.transaction() as connection:
        cancelled = await messages.cancel(connection, actor, scheduled_id)
    return json_response(cancelled)
