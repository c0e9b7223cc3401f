from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from bullpen.agents.providers import resolve_model
from bullpen.api.http import errors, schemas
from bullpen.api.http.dependencies import (
    CurrentActor,
    DatabaseDep,
    IdentifiedActor,
    StateDep,
    require_active_if_empty,
)
from bullpen.api.http.fields import Id, MessageId, ModelId, RequestBody
from bullpen.api.http.pagination import LARGEST_PAGE
from bullpen.api.http.responses import json_response
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid
from bullpen.kit.pages import Window
from bullpen.runs import account, actions, queries

router = APIRouter(prefix="/api/runs", tags=["runs"], responses=errors.DOCUMENTED)


StepNumber = Annotated[int, Path(ge=1, le=1_000_000)]


class RunsQuery(BaseModel):
    agent_id: Annotated[Id | None, Field(alias="agentId")] = None
    status: queries.RunStatus | None = None
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = 50
    before: Annotated[MessageId | None, Field(description="Older than this run")] = None


@router.get("", response_model=list[schemas.Run])
async def list_runs(
    request: Request,
    query: Annotated[RunsQuery, Query()],
    database: DatabaseDep,
    actor: CurrentActor,
) -> Response:
    """Newest first; a `Link` header leads to the next page, which is older."""
    window = Window(query.limit, "before" if query.before else "newest", query.before)
    page = await queries.list_runs(
        database, actor, window, agent_id=query.agent_id, status=query.status
    )
    headers = {}
    if page.older:
        url = request.url.include_query_params(before=page.items[-1].id)
        headers["Link"] = f'<{url}>; rel="next"'
    return json_response(page.items, headers=headers)


@router.get("/{run_id}", response_model=schemas.Trace)
async def get_run(
    request: Request, run_id: MessageId, database: DatabaseDep, actor: IdentifiedActor
) -> Response:
    """With its steps, each with its messages."""
    return json_response(
        await require_active_if_empty(request, actor, queries.get_trace(database, actor, run_id))
    )


@router.get("/{run_id}/account", response_model=schemas.RunAccount)
async def get_account(run_id: MessageId, database: DatabaseDep, actor: CurrentActor) -> Response:
    """Why it was, and what came of it, beyond the trace."""
    return json_response(await account.get_account(database, actor, run_id))


@router.get("/{run_id}/steps/{step_number}/request", response_model=Any)
async def get_request(
    run_id: MessageId, step_number: StepNumber, database: DatabaseDep, actor: CurrentActor
) -> Response:
    """What the step sent to the model, to the letter."""
    return json_response(await account.get_request(database, actor, run_id, step_number))


class Conversation(RequestBody):
    channel_id: Id
    parent_message_id: Annotated[
        MessageId | None, Field(description="A thread's first message; left out: outside threads")
    ] = None


@router.post("/cancel", response_model=list[UUID], responses=errors.REFUSED)
async def cancel_runs(body: Conversation, database: DatabaseDep, actor: CurrentActor) -> Response:
    """Cancels all runs of a conversation that wait or are under way; answers their ids."""
    async with database.transaction() as connection:
        run_ids = await actions.cancel_runs_in(
            connection, actor, body.channel_id, body.parent_message_id
        )
    return json_response(run_ids)


@router.post("/{run_id}/cancel", response_model=schemas.Run, responses=errors.REFUSED)
async def cancel_run(run_id: MessageId, database: DatabaseDep, actor: CurrentActor) -> Response:
    async with database.transaction() as connection:
        run = await actions.cancel_run(connection, actor, run_id)
    return json_response(run)


class Again(RequestBody):
    model_id: Annotated[ModelId | None, Field(description="Left out: the agent's own")] = None


@router.post(
    "/{run_id}/again", response_model=schemas.Run, status_code=201, responses=errors.REFUSED
)
async def run_again(
    run_id: MessageId, body: Again, state: StateDep, actor: CurrentActor
) -> Response:
    """Asks the agent once more for the same reason: a run of its own.

    A model that is named must be ready: nothing else answers in its place.
    """
    database = state.database
    if body.model_id is not None:
        wanted = resolve_model(body.model_id, state.model_settings)
        if not wanted.is_own:
            why = f"'{body.model_id}' is not ready: {', and '.join(wanted.missing)}"
            details = [{"loc": ["body", "modelId"], "msg": why, "type": "model_not_ready"}]
            raise Invalid(ErrorCode.MODEL_NOT_READY, f"{why}.", details)
    async with database.transaction() as connection:
        run = await actions.run_again(connection, actor, run_id, body.model_id)
    return json_response(run, 201)
