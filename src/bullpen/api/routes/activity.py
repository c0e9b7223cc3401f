"""All runs of all agents: the list, what it adds up to, and its export."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, Field

from bullpen.api.http.csv_rows import csv_rows
from bullpen.api.http.dependencies import (
    CurrentActor,
    DatabaseDep,
    IdentifiedActor,
    require_active,
)
from bullpen.api.http.fields import Id, MessageId, Text
from bullpen.api.http.pagination import Limit
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.members.permissions import Permission, require
from bullpen.runs import activity, activity_figures
from bullpen.runs.activity import ActivityFilter, ActivityRow
from bullpen.runs.values import RunStatus

router = Router(prefix="/api/activity", tags=["runs"])

FIELDS = (
    *("runId", "agentId", "status", "stopReason", "channelId", "createdAt", "startedAt"),
    *("completedAt", "modelId", "inputTokens", "outputTokens", "costUsd", "askedBy", "asked"),
    *("posted", "problem"),
)


class ActivityQuery(BaseModel):
    agent_id: Annotated[
        Id | None, Field(alias="agentId", description="Only runs of this agent.")
    ] = None
    channel_id: Annotated[
        Id | None, Field(alias="channelId", description="Only runs in this channel.")
    ] = None
    model_id: Annotated[
        Text | None,
        Field(alias="modelId", max_length=200, description="Only runs that this model answered."),
    ] = None
    status: Annotated[RunStatus | None, Field(description="Only runs in this state.")] = None
    since: Annotated[
        AwareDatetime | None, Field(alias="from", description="Only from this time on.")
    ] = None
    until: Annotated[
        AwareDatetime | None, Field(alias="to", description="Only before this time.")
    ] = None
    least_usd: Annotated[
        float | None,
        Field(
            alias="leastUsd",
            ge=0,
            le=1_000_000,
            allow_inf_nan=False,
            description="Only runs that cost at least so many US dollars.",
        ),
    ] = None

    @property
    def wanted(self) -> ActivityFilter:
        return ActivityFilter(
            self.agent_id,
            self.channel_id,
            self.model_id,
            self.status,
            self.since,
            self.until,
            self.least_usd,
        )


class ActivityPageQuery(ActivityQuery):
    before: Annotated[MessageId | None, Field(description="`nextCursor` of the previous page.")] = (
        None
    )
    limit: Limit = 50


class FiguresQuery(ActivityQuery):
    by: Annotated[
        activity_figures.By, Field(description="Beside the day, what the figures are split by.")
    ] = "all"


@router.get("")
async def list_activity(
    request: Request,
    query: Annotated[ActivityPageQuery, Query()],
    database: DatabaseDep,
    actor: IdentifiedActor,
) -> JsonResponse[activity.ActivityPage]:
    """List the activity of all agents.

    Returns runs that the current user can see, newest first, each with what it answered and what it
    posted.
    """
    found = await activity.list_activity(
        database, actor, query.wanted, before=query.before, limit=query.limit
    )
    if not found.items:
        await require_active(request, actor)
    return json_response(found)


@router.get("/figures")
async def get_figures(
    query: Annotated[FiguresQuery, Query()], database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[activity_figures.ActivityFigures]]:
    """Get figures of the activity.

    Returns runs, failures, tokens, cost and duration by day, and by agent, model or channel. They
    include only runs that the current user can see.
    """
    found = await activity_figures.activity_figures(database, actor, query.wanted, query.by)
    return json_response(found)


DESCRIBED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The runs, newest first.",
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}


@router.get("/export", response_class=Response, responses=DESCRIBED)
async def export_activity(
    query: Annotated[ActivityQuery, Query()], database: DatabaseDep, actor: CurrentActor
) -> Response:
    """Export the activity.

    All runs that match and that the current user can see, as a CSV file.
    """
    require(actor, Permission.READ_AGENTS)

    async def content() -> AsyncIterator[str]:
        yield csv_rows([FIELDS])
        async for rows in activity.all_activity(database, actor, query.wanted):
            yield as_csv(rows)

    return StreamingResponse(
        content(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="activity.csv"'},
    )


def as_csv(rows: Sequence[ActivityRow]) -> str:
    return csv_rows([cells(row) for row in rows])


def cells(row: ActivityRow) -> tuple[object, ...]:
    run, usage = row.run, row.run.token_usage
    return (
        *(run.id, run.agent_id, run.status, run.stop_reason, run.channel_id, run.created_at),
        *(run.started_at, run.completed_at, row.model_id),
        *((usage.input_tokens, usage.output_tokens) if usage else (None, None)),
        *(row.cost_usd, row.asked_by, row.asked),
        " / ".join(posted.text for posted in row.posted),
        row.problem,
    )
