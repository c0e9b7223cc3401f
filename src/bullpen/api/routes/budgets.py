from typing import Annotated

from pydantic import Field

from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import Id, RequestBody
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid
from bullpen.members.queries import get_agent, get_channel
from bullpen.runs import budgets

router = Router(prefix="/api/budgets", tags=["agents"])


class BudgetChange(RequestBody):
    """A daily limit to set: for an agent, for a channel or, with neither, for the workspace."""

    agent_id: Annotated[Id | None, Field(description="Id of the agent to limit.")] = None
    channel_id: Annotated[Id | None, Field(description="Id of the channel to limit.")] = None
    daily_usd: Annotated[
        float | None,
        Field(
            ge=0,
            le=1_000_000,
            allow_inf_nan=False,
            description="The limit for a day (UTC), in US dollars. Null: no limit.",
        ),
    ]


@router.get("")
async def list_budgets(
    database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[budgets.Budget]]:
    """List daily budgets.

    Returns the limits that are set, each with what today (UTC) has cost so far.
    """
    return json_response(await budgets.list_budgets(database, actor))


@router.put("")
async def set_budget(
    body: BudgetChange, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[budgets.Budget]]:
    """Set or remove a daily budget.

    For an agent, a channel or, with neither id, the whole workspace. Send null as `dailyUsd` to
    remove the limit. Returns all budgets.
    """
    if body.agent_id is not None and body.channel_id is not None:
        raise Invalid(
            ErrorCode.FIELDS_CONFLICT,
            "A budget is for an agent or for a channel. Send agentId or channelId, not both.",
        )
    async with database.transaction() as connection:
        if body.agent_id is not None:
            await get_agent(connection, actor, body.agent_id)
        if body.channel_id is not None:
            await get_channel(connection, actor, body.channel_id)
        await budgets.set_budget(connection, actor, body.agent_id, body.channel_id, body.daily_usd)
    return json_response(await budgets.list_budgets(database, actor))
