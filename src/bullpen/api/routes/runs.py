from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from fastapi import Path, Query, Request, Response
from msgspec import Raw
from pydantic import BaseModel, Field

from bullpen.agents.prompt.changes import GivenPrompt, get_given_prompt
from bullpen.api.http.dependencies import (
    CurrentActor,
    DatabaseDep,
    IdentifiedActor,
    StateDep,
    require_active_if_empty,
)
from bullpen.api.http.fields import Id, MessageId, ModelId, RequestBody
from bullpen.api.http.models import require_ready
from bullpen.api.http.pagination import Limit
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.kit.pagination import Window
from bullpen.runs import actions, conversation_queue, queries, summary
from bullpen.runs.export import markdown
from bullpen.runs.values import RunStatus

router = Router(prefix="/api/runs", tags=["runs"])


MOST_REPEATED = 500
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


class QueueQuery(BaseModel):
    channel_id: Annotated[Id, Field(alias="channelId", description="Id of the channel.")]
    parent_message_id: Annotated[
        MessageId | None,
        Field(
            alias="parentMessageId",
            description="Id of the first message of a thread. Left out: the channel without its"
            " threads.",
        ),
    ] = None


@router.get("/queue")
async def get_conversation_queue(
    query: Annotated[QueueQuery, Query()], database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[conversation_queue.ConversationQueue]:
    """Get the queue of a conversation.

    Returns which agent is answering in a channel or thread, and which ones answer after it.
    """
    found = await conversation_queue.get_conversation_queue(
        database, actor, query.channel_id, query.parent_message_id
    )
    return json_response(found)


@router.get("/{run_id}")
async def get_run(
    request: Request, run_id: MessageId, state: StateDep, actor: IdentifiedActor
) -> JsonResponse[queries.Trace]:
    """Get a run with its trace.

    Returns the run with its steps and their entries. What comes from a private channel that the
    current user cannot read is hidden.
    """
    shown = state.model_settings.shows_thinking
    reading = queries.get_trace(state.database, actor, run_id, thinking=shown)
    return json_response(await require_active_if_empty(request, actor, reading))


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
    run_id: MessageId, step_number: StepNumber, state: StateDep, actor: CurrentActor
) -> JsonResponse[Raw]:
    """Get the model request of a step.

    Returns exactly what the step sent to the model, as JSON in the provider's own format.
    """
    shown = state.model_settings.shows_thinking
    return json_response(
        await summary.get_request(state.database, actor, run_id, step_number, thinking=shown)
    )


@router.get("/{run_id}/prompt")
async def get_prompt(
    run_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[GivenPrompt]:
    """Get the prompt of a run.

    Returns what the run was given, by section, and what has changed since the agent's previous run
    that the current user can see.
    """
    return json_response(await get_given_prompt(database, actor, run_id))


class ExportQuery(BaseModel):
    format: Annotated[
        Literal["json", "markdown"],
        Field(description="`json`: the same as the trace. `markdown`: a text to read."),
    ] = "json"


EXPORTED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The trace.",
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "text/markdown": {"schema": {"type": "string"}},
        },
    }
}


@router.get("/{run_id}/export", response_class=Response, responses=EXPORTED)
async def export_run(
    run_id: MessageId,
    query: Annotated[ExportQuery, Query()],
    state: StateDep,
    actor: CurrentActor,
) -> Response:
    """Download the trace of a run.

    Returns a file with everything in the trace that the current user can see.
    """
    shown = state.model_settings.shows_thinking
    trace = await queries.get_trace(state.database, actor, run_id, thinking=shown)
    if query.format == "json":
        content, kind, name = msgspec.json.encode(trace), "application/json", "json"
    else:
        account = await summary.get_summary(state.database, actor, run_id)
        content, kind, name = markdown(trace, account).encode(), "text/markdown", "md"
    headers = {"Content-Disposition": f'attachment; filename="run-{run_id}.{name}"'}
    return Response(content, media_type=kind, headers=headers)


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


class Repeated(RequestBody):
    """Runs to repeat together."""

    run_ids: Annotated[
        list[MessageId], Field(min_length=1, max_length=MOST_REPEATED, description="Ids of runs.")
    ]


@router.post("/again", status_code=201)
async def repeat_runs(
    body: Repeated, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[queries.Run]]:
    """Repeat several runs.

    Asks each agent once more for the same reason, in the order of the ids. If one of the runs
    cannot be repeated, none is. Returns the new runs.
    """
    async with database.transaction() as connection:
        runs = await actions.repeat_runs(connection, actor, body.run_ids)
    return json_response(runs, 201)


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
        await require_ready(body.model_id, state, ["body", "modelId"])
    async with database.transaction() as connection:
        run = await actions.run_again(connection, actor, run_id, body.model_id)
    return json_response(run, 201)
