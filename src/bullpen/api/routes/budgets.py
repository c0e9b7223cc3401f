from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from bullpen.api.http import errors, schemas
from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import Id, RequestBody
from bullpen.api.http.responses import json_response
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid
from bullpen.members.queries import get_agent, get_channel
from bullpen.runs import budgets

router = APIRouter(prefix="/api/budgets", tags=["agents"], responses=errors.DOCUMENTED)


class BudgetChange(RequestBody):
    agent_id: Id | None = None
    channel_id: Id | None = None
    daily_usd: Annotated[
        float | None,
        Field(ge=0, le=1_000_000, allow_inf_nan=False, description="Null: no limit"),
    ]


@router.get("", response_model=list[schemas.Budget])
async def list_budgets(database: DatabaseDep, actor: CurrentActor) -> Response:
    """Those that are set, with what today has cost so far."""
    return json_response(await budgets.list_budgets(database, actor))


@router.put("", response_model=list[schemas.Budget], responses=errors.REFUSED)
async def set_budget(body: BudgetChange, database: DatabaseDep, actor: CurrentActor) -> Response:
    """Of an agent, of a channel, or with neither of the workspace; answers all of them."""
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
        await budgets.set_budget(connection, body.agent_id, body.channel_id, body.daily_usd)
    return json_response(await budgets.list_budgets(database, actor))
