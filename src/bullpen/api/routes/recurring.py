from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from bullpen.api.http import errors, schemas
from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import Id, MessageId, RequestBody, Text
from bullpen.api.http.responses import json_response
from bullpen.schedule import recurring

router = APIRouter(prefix="/api/recurring", tags=["schedule"], responses=errors.DOCUMENTED)


class NewRecurringMessage(RequestBody):
    agent_id: Id
    cron: Annotated[
        Text,
        Field(
            min_length=1,
            max_length=200,
            description="Minute, hour, day of the month, month and day of the week",
        ),
    ]
    time_zone: Annotated[Text, Field(min_length=1, max_length=100)] = "UTC"
    prompt: Annotated[Text, Field(min_length=1, max_length=20_000)]
    target_channel_id: Id | None = None


@router.get("", response_model=list[schemas.RecurringMessage])
async def list_recurring(
    database: DatabaseDep,
    actor: CurrentActor,
    agent_id: Annotated[Id | None, Query(alias="agentId")] = None,
) -> Response:
    return json_response(await recurring.list_recurring(database, actor, agent_id))


@router.post("", response_model=schemas.RecurringMessage, status_code=201, responses=errors.REFUSED)
async def repeat(body: NewRecurringMessage, database: DatabaseDep, actor: CurrentActor) -> Response:
    """Its next time is always among the scheduled messages, where it alone can be cancelled."""
    pattern = recurring.Pattern(body.cron, body.time_zone)
    async with database.transaction() as connection:
        made = await recurring.repeat(
            connection, actor, body.agent_id, pattern, body.prompt, body.target_channel_id
        )
    return json_response(made, 201)


@router.delete("/{recurring_id}", response_model=schemas.RecurringMessage)
async def stop(recurring_id: MessageId, database: DatabaseDep, actor: CurrentActor) -> Response:
    """With the one that is next; answers what it was."""
    async with database.transaction() as connection:
        stopped = await recurring.stop(connection, actor, recurring_id)
    return json_response(stopped)
