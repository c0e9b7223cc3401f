from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from bullpen.api import errors, schemas
from bullpen.api.answers import answer
from bullpen.api.session import ActorOf, IdentifiedOf, found
from bullpen.api.state import DatabaseOf
from bullpen.api.values import Body, Color, Id, ModelId, Name, NewUserId, Text, UserName
from bullpen.members import actions, queries
from bullpen.runs import actions as runs

router = APIRouter(prefix="/api/agents", tags=["agents"], responses=errors.DOCUMENTED)

Prompt = Annotated[Text, Field(min_length=1, max_length=100_000)]
SessionId = Annotated[Text, Field(min_length=1, max_length=200)]
Turns = Annotated[int, Field(ge=1, le=1000)]
Dollars = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class NewAgent(Body):
    id: NewUserId
    display_name: UserName
    title: Name
    avatar_color: Color
    system_prompt: Prompt
    model_id: ModelId = "claude-sonnet-4-5-20250929"
    max_turns: Turns = 5
    max_budget_usd: Dollars = 0.10


class AgentChange(Body):
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
    request: Request, database: DatabaseOf, actor: IdentifiedOf, *, active: bool = True
) -> Response:
    """The active ones, or with `active=false` the others."""
    reading = queries.list_agents(database, actor, active=active)
    return answer(await found(request, actor, reading))


@router.post("", response_model=schemas.Agent, status_code=201, responses=errors.REFUSED)
async def create_agent(body: NewAgent, database: DatabaseOf, actor: ActorOf) -> Response:
    async with database.transaction() as connection:
        await actions.create_agent(connection, actor, body.model_dump())
    return answer(await queries.get_agent(database, actor, body.id), 201)


@router.get("/{agent_id}", response_model=schemas.Agent)
async def get_agent(agent_id: Id, database: DatabaseOf, actor: ActorOf) -> Response:
    return answer(await queries.get_agent(database, actor, agent_id))


@router.patch("/{agent_id}", response_model=schemas.Agent, responses=errors.REFUSED)
async def change_agent(
    agent_id: Id, body: AgentChange, database: DatabaseOf, actor: ActorOf
) -> Response:
    """Changes what is given and leaves the rest."""
    async with database.transaction() as connection:
        await runs.change_agent(connection, actor, agent_id, body.model_dump(exclude_unset=True))
    return answer(await queries.get_agent(database, actor, agent_id))


@router.delete("/{agent_id}", response_model=schemas.Agent, responses=errors.REFUSED)
async def deactivate_agent(agent_id: Id, database: DatabaseOf, actor: ActorOf) -> Response:
    """Makes it inactive; its messages and data stay."""
    async with database.transaction() as connection:
        await runs.change_agent(connection, actor, agent_id, {"is_active": False})
    return answer(await queries.get_agent(database, actor, agent_id))
