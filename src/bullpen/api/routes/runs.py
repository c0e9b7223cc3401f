from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request
from msgspec import Raw
from pydantic import BaseModel, Field

from bullpen.agents.model_lists import require_known_model
from bullpen.agents.providers import resolve_model
from bullpen.api.http.dependencies import (
    CurrentActor,
    DatabaseDep,
    IdentifiedActor,
    StateDep,
    require_active_if_empty,
)
from bullpen.api.http.fields import Id, MessageId, ModelId, RequestBody
from bullpen.api.http.pagination import Limit
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid
from bullpen.kit.pagination import Window
from bullpen.runs import actions, queries, summary
from bullpen.runs.values import RunStatus

router = Router(prefix="/api/runs", tags=["runs"])


StepNumber = Annotated[int, Path(ge=1, le=1_000_000)]


class RunsQuery(BaseModel):
    agent_id: Annotated[
        Id | None, Field(alias="agentId", description="Only runs of this agent.")
    ] = None
    status: Annotated[RunStatus | None, Field(description="Only runs in this state.")] = None
    limit: Limit = 50
    before: Annotated[
        MessageId | None, Field(description="Only runs older than the one with this id.")
    ] = None


@router.get("")
async def list_runs(
    request: Request,
    query: Annotated[RunsQuery, Query()],
    database: DatabaseDep,
    actor: CurrentActor,
) -> JsonResponse[list[queries.Run]]:
    """List runs.

    Newest first. The `Link` header has the address of the next page, which has older runs.
    """
    window = Window(query.limit, "before" if query.before else "newest", query.before)
    page = await queries.list_runs(
        database, actor, window, agent_id=query.agent_id, status=query.status
    )
    headers = {}
    if page.older:
        url = request.url.include_query_params(before=page.items[-1].id)
        headers["Link"] = f'<{url}>; rel="next"'
    return json_response(page.items, headers=headers)


@router.get("/{run_id}")
async def get_run(
    request: Request, run_id: MessageId, database: DatabaseDep, actor: IdentifiedActor
) -> JsonResponse[queries.Trace]:
    """Get a run with its trace.

    Returns the run with its steps and their entries. What comes from a private channel that the
    current user cannot read is hidden.
    """
    return json_response(
        await require_active_if_empty(request, actor, queries.get_trace(database, actor, run_id))
    )


@router.get("/{run_id}/account")
async def get_account(
    run_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[summary.RunSummary]:
    """Get the cause and outcome of a run.

    Returns what started the run, what it cost, what went wrong and which messages it posted.
    """
    return json_response(await summary.get_summary(database, actor, run_id))


@router.get("/{run_id}/steps/{step_number}/request")
async def get_request(
    run_id: MessageId, step_number: StepNumber, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Raw]:
    """Get the model request of a step.

    Returns exactly what the step sent to the model, as JSON in the provider's own format.
    """
    return json_response(await summary.get_request(database, actor, run_id, step_number))


class Conversation(RequestBody):
    """A channel or a thread in it."""

    channel_id: Annotated[Id, Field(description="Id of the channel.")]
    parent_message_id: Annotated[
        MessageId | None,
        Field(
            description="Id of the first message of a thread. Left out: the channel without its"
            " threads."
        ),
    ] = None


@router.post("/cancel")
async def cancel_runs(
    body: Conversation, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[UUID]]:
    """Cancel the runs of a conversation.

    Cancels all waiting and current runs of a channel, or of one thread. Returns the ids of the
    canceled runs.
    """
    async with database.transaction() as connection:
        run_ids = await actions.cancel_runs_in(
            connection, actor, body.channel_id, body.parent_message_id
        )
    return json_response(run_ids)


@router.post("/{run_id}/cancel")
async def cancel_run(
    run_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[queries.Run]:
    """Cancel a run.

    Returns the canceled run.
    """
    async with database.transaction() as connection:
        run = await actions.cancel_run(connection, actor, run_id)
    return json_response(run)


class Again(RequestBody):
    """How to repeat a run."""

    model_id: Annotated[
        ModelId | None, Field(description="The model to use. Left out: the agent's own.")
    ] = None


@router.post("/{run_id}/again", status_code=201)
async def run_again(
    run_id: MessageId, body: Again, state: StateDep, actor: CurrentActor
) -> JsonResponse[queries.Run]:
    """Repeat a run.

    Asks the agent once more for the same reason. Its replies are posted to the channel like
    those of any run. If a model is named, it must be ready: no other one answers in its place.
    """
    database = state.database
    if body.model_id is not None:
        settings = await state.current_models()
        wanted = resolve_model(body.model_id, settings)
        if not wanted.is_own:
            why = f"'{body.model_id}' is not ready: {', and '.join(wanted.missing)}"
            details = [{"loc": ["body", "modelId"], "msg": why, "type": "model_not_ready"}]
            raise Invalid(ErrorCode.MODEL_NOT_READY, f"{why}.", details)
        await require_known_model(body.model_id, settings, state.model_lists)
    async with database.transaction() as connection:
        run = await actions.run_again(connection, actor, run_id, body.model_id)
    return json_response(run, 201)
