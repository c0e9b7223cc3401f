from typing import Annotated

from fastapi import Query
from pydantic import Field

from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import Id, MessageId, RequestBody, Text
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.schedule import recurring

router = Router(prefix="/api/recurring", tags=["schedule"])


class NewRecurringMessage(RequestBody):
    """A prompt to repeat."""

    agent_id: Annotated[Id, Field(description="Id of the agent that gets it.")]
    cron: Annotated[
        Text,
        Field(
            min_length=1,
            max_length=200,
            description="When it is due: minute, hour, day of the month, month and weekday.",
        ),
    ]
    time_zone: Annotated[
        Text,
        Field(
            min_length=1,
            max_length=100,
            description="Time zone of the expression, like `Europe/Berlin`.",
        ),
    ] = "UTC"
    prompt: Annotated[
        Text, Field(min_length=1, max_length=20_000, description="What the agent is asked to do.")
    ]
    target_channel_id: Annotated[
        Id | None, Field(description="Id of the channel to reply in. Null: the agent decides.")
    ] = None


@router.get("")
async def list_recurring(
    database: DatabaseDep,
    actor: CurrentActor,
    agent_id: Annotated[
        Id | None, Query(alias="agentId", description="Only those of this agent.")
    ] = None,
) -> JsonResponse[list[recurring.RecurringMessage]]:
    """List recurring messages.

    Returns all of them, or those of one agent.
    """
    return json_response(await recurring.list_recurring(database, actor, agent_id))


@router.post("", status_code=201)
async def repeat(
    body: NewRecurringMessage, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[recurring.RecurringMessage]:
    """Create a recurring message.

    The next occurrence is always among the scheduled messages, where it can be canceled on its
    own.
    """
    pattern = recurring.Pattern(body.cron, body.time_zone)
    async with database.transaction() as connection:
        made = await recurring.repeat(
            connection, actor, body.agent_id, pattern, body.prompt, body.target_channel_id
        )
    return json_response(made, 201)


@router.delete("/{recurring_id}")
async def stop(
    recurring_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[recurring.RecurringMessage]:
    """Delete a recurring message.

    Its pending occurrence is canceled as well. Returns the deleted recurring message.
    """
    async with database.transaction() as connection:
        stopped = await recurring.stop(connection, actor, recurring_id)
    return json_response(stopped)
