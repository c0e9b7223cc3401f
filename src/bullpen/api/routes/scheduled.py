from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from bullpen.api.http import errors, schemas
from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import Id, MessageId, RequestBody, Text
from bullpen.api.http.pagination import LARGEST_PAGE
from bullpen.api.http.responses import json_response
from bullpen.kit.pages import Window
from bullpen.schedule import messages

router = APIRouter(prefix="/api/scheduled", tags=["schedule"], responses=errors.DOCUMENTED)


def storable(at: datetime) -> datetime:
    # The first and the last years have times that Postgres takes for none at all.
    if not 1900 <= at.year <= 9000:  # noqa: PLR2004 - as the message says
        message = "give a time between the years 1900 and 9000"
        raise ValueError(message)
    return at


class NewScheduledMessage(RequestBody):
    agent_id: Id
    trigger_at: Annotated[
        AwareDatetime,
        AfterValidator(storable),
        Field(description="With a zone; in the past: at once"),
    ]
    prompt: Annotated[Text, Field(min_length=1, max_length=20_000)]
    target_channel_id: Id | None = None


class ScheduledQuery(BaseModel):
    agent_id: Annotated[Id | None, Field(alias="agentId")] = None
    status: messages.Status | None = None
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = LARGEST_PAGE
    before: Annotated[MessageId | None, Field(description="Due before this one")] = None


@router.get("", response_model=list[schemas.ScheduledMessage])
async def list_scheduled(
    request: Request,
    query: Annotated[ScheduledQuery, Query()],
    database: DatabaseDep,
    actor: CurrentActor,
) -> Response:
    """In the order of their times, the last ones; a `Link` header leads to those before them."""
    window = Window(query.limit, "before" if query.before else "newest", query.before)
    page = await messages.list_scheduled(
        database, actor, window, agent_id=query.agent_id, status=query.status
    )
    headers = {}
    if page.older:
        url = request.url.include_query_params(before=page.items[0].id)
        headers["Link"] = f'<{url}>; rel="prev"'
    return json_response(page.items, headers=headers)


@router.post("", response_model=schemas.ScheduledMessage, status_code=201, responses=errors.REFUSED)
async def schedule(
    body: NewScheduledMessage, database: DatabaseDep, actor: CurrentActor
) -> Response:
    async with database.transaction() as connection:
        made = await messages.schedule(
            connection, actor, body.agent_id, body.trigger_at, body.prompt, body.target_channel_id
        )
    return json_response(made, 201)


@router.delete("/{scheduled_id}", response_model=schemas.ScheduledMessage, responses=errors.REFUSED)
async def cancel(scheduled_id: MessageId, database: DatabaseDep, actor: CurrentActor) -> Response:
    """Cancels it, where it is pending."""
    async with database.transaction() as connection:
        cancelled = await messages.cancel(connection, actor, scheduled_id)
    return json_response(cancelled)
