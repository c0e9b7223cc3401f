from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from bullpen.api.http import errors, schemas
from bullpen.api.http.dependencies import (
    CurrentActor,
    DatabaseDep,
    IdentifiedActor,
    require_active_if_empty,
)
from bullpen.api.http.fields import Color, Id, ModelId, Name, NewUserId, RequestBody, Text, UserName
from bullpen.api.http.responses import json_response
from bullpen.members import actions, queries
from bullpen.runs import actions as runs
from bullpen.runs import waiting

router = APIRouter(prefix="/api/agents", tags=["agents"], responses=errors.DOCUMENTED)

Prompt = Annotated[Text, Field(min_length=1, max_length=100_000)]
SessionId = Annotated[Text, Field(min_length=1, max_length=200)]
Turns = Annotated[int, Field(ge=1, le=1000)]
Dollars = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class NewAgent(RequestBody):
    id: NewUserId
    display_name: UserName
    title: Name
    avatar_color: Color
    system_prompt: Prompt
    model_id: ModelId = "claude-sonnet-4-5-20250929"
    max_turns: Turns = 5
    max_budget_usd: Dollars = 0.10


class AgentChange(RequestBody):
    display_name: UserName = ""
    title: Name = ""
    avatar_color: Color = ""
    system_prompt: Prompt = ""
    model_id: ModelId = ""
    max_turns: Turns = 5
    max_budget_usd: Dollars = 0.10
    session_id: SessionId | None = None
    is_active: bool = True


@router.get("", response_model=list[schemas.Agent])
async def list_agents(
    request: Request, database: DatabaseDep, actor: IdentifiedActor, *, active: bool = True
) -> Response:
    """The active ones, or with `active=false` the others."""
    reading = queries.list_agents(database, actor, active=active)
    return json_response(await require_active_if_empty(request, actor, reading))


@router.post("", response_model=schemas.Agent, status_code=201, responses=errors.REFUSED)
async def create_agent(body: NewAgent, database: DatabaseDep, actor: CurrentActor) -> Response:
    async with database.transaction() as connection:
        await actions.create_agent(connection, actor, body.model_dump())
    return json_response(await queries.get_agent(database, actor, body.id), 201)


@router.get("/{agent_id}", response_model=schemas.Agent)
async def get_agent(agent_id: Id, database: DatabaseDep, actor: CurrentActor) -> Response:
    return json_response(await queries.get_agent(database, actor, agent_id))


@router.patch("/{agent_id}", response_model=schemas.Agent, responses=errors.REFUSED)
async def change_agent(
    agent_id: Id, body: AgentChange, database: DatabaseDep, actor: CurrentActor
) -> Response:
    """Changes what is given and leaves the rest."""
    async with database.transaction() as connection:
        await runs.change_agent(connection, actor, agent_id, body.model_dump(exclude_unset=True))
    return json_response(await queries.get_agent(database, actor, agent_id))


@router.delete("/{agent_id}", response_model=schemas.Agent, responses=errors.REFUSED)
async def deactivate_agent(agent_id: Id, database: DatabaseDep, actor: CurrentActor) -> Response:
    """Makes it inactive; its messages and data stay."""
    async with database.transaction() as connection:
        await runs.change_agent(connection, actor, agent_id, {"is_active": False})
    return json_response(await queries.get_agent(database, actor, agent_id))


@router.get("/{agent_id}/queue", response_model=schemas.Queue)
async def get_queue(agent_id: Id, database: DatabaseDep, actor: CurrentActor) -> Response:
    """What it is at and what waits for it, of what one may see."""
    return json_response(await waiting.get_queue(database, actor, agent_id))
