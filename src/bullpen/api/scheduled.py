from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from bullpen.api import errors, schemas
from bullpen.api.answers import answer
from bullpen.api.pages import MOST
from bullpen.api.session import ActorOf
from bullpen.api.state import DatabaseOf
from bullpen.api.values import Body, Id, MessageId, Text
from bullpen.kit.pages import Window
from bullpen.schedule import messages

router = APIRouter(prefix="/api/scheduled", tags=["schedule"], responses=errors.DOCUMENTED)


def storable(at: datetime) -> datetime:
    # The first and the last years have times that Postgres takes for none at all.
    if not 1900 <= at.year <= 9000:  # noqa: PLR2004 - as the message says
        message = "give a time between the years 1900 and 9000"
        raise ValueError(message)
    return at


class NewScheduledMessage(Body):
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
    limit: Annotated[int, Field(ge=1, le=MOST)] = MOST
    before: Annotated[MessageId | None, Field(description="Due before this one")] = None


@router.get("", response_model=list[schemas.ScheduledMessage])
async def list_scheduled(
    request: Request,
    query: Annotated[ScheduledQuery, Query()],
    database: DatabaseOf,
    actor: ActorOf,
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
    return answer(page.items, headers=headers)


@router.post("", response_model=schemas.ScheduledMessage, status_code=201, responses=errors.REFUSED)
async def schedule(body: NewScheduledMessage, database: DatabaseOf, actor: ActorOf) -> Response:
    async with database.transaction() as connection:
        made = await messages.schedule(
            connection, actor, body.agent_id, body.trigger_at, body.prompt, body.target_channel_id
        )
    return answer(made, 201)


@router.delete("/{scheduled_id}", response_model=schemas.ScheduledMessage, responses=errors.REFUSED)
async def cancel(scheduled_id: MessageId, database: DatabaseOf, actor: ActorOf) -> Response:
    """Cancels it, where it is pending."""
    async with database.transaction() as connection:
        cancelled = await messages.cancel(connection, actor, scheduled_id)
    return answer(cancelled)
