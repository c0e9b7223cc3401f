from typing import Annotated

from fastapi import Query, Request
from pydantic import Field

from bullpen.api.http.dependencies import (
    CurrentActor,
    DatabaseDep,
    IdentifiedActor,
    require_active_if_empty,
)
from bullpen.api.http.fields import Color, Id, ModelId, Name, NewUserId, RequestBody, Text, UserName
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.members import actions, managers, queries
from bullpen.members.managers import Manager
from bullpen.members.permissions import Permission, require
from bullpen.members.queries import Agent
from bullpen.runs import agent_queue, external_runs
from bullpen.runs.external_runs import Mind
from bullpen.workspace import agents as workspace

router = Router(prefix="/api/agents", tags=["agents"])

DisplayName = Annotated[UserName, Field(description="The name that is shown. It must be free.")]
Title = Annotated[Name, Field(description="Job title, shown beside the name.")]
AvatarColor = Annotated[Color, Field(description="Background of the avatar, like `#4A90D9`.")]
SystemPrompt = Annotated[
    Text,
    Field(
        min_length=1,
        max_length=100_000,
        description="Instructions sent to the model at the start of every step.",
    ),
]
Model = Annotated[
    ModelId, Field(description="The model that answers, as `provider:model` or `scripted`.")
]
SessionId = Annotated[Text, Field(min_length=1, max_length=200)]
Turns = Annotated[
    int, Field(ge=1, le=1000, description="Maximum number of model calls in one run.")
]
Dollars = Annotated[
    float,
    Field(
        ge=0,
        le=1_000_000,
        allow_inf_nan=False,
        description="Maximum cost of one run, in US dollars.",
    ),
]


class NewAgent(RequestBody):
    """An agent to create."""

    id: Annotated[NewUserId, Field(description="Id of the agent. It cannot be changed later.")]
    display_name: DisplayName
    title: Title
    avatar_color: AvatarColor
    system_prompt: SystemPrompt
    model_id: Model = "claude-sonnet-4-5-20250929"
    max_turns: Turns = 5
    max_budget_usd: Dollars = 0.10
    mind: Annotated[
        Mind, Field(description="Who answers: `resident`, Bullpen's worker, or `external`.")
    ] = "resident"


class AgentChange(RequestBody):
    """Fields of an agent to change."""

    display_name: DisplayName = ""
    title: Title = ""
    avatar_color: AvatarColor = ""
    system_prompt: SystemPrompt = ""
    model_id: Model = ""
    max_turns: Turns = 5
    max_budget_usd: Dollars = 0.10
    session_id: Annotated[
        SessionId | None, Field(description="Session of an external agent runtime.")
    ] = None
    is_active: Annotated[bool, Field(description="Inactive agents neither read nor reply.")] = True


@router.get("")
async def list_agents(
    request: Request,
    database: DatabaseDep,
    actor: IdentifiedActor,
    *,
    active: Annotated[bool, Query(description="False: the inactive agents instead.")] = True,
) -> JsonResponse[list[Agent]]:
    """List agents.

    Returns the active agents with their settings, or the inactive ones with `active=false`.
    """
    reading = queries.list_agents(database, actor, active=active)
    return json_response(await require_active_if_empty(request, actor, reading))


@router.post("", status_code=201)
async def create_agent(
    body: NewAgent, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Agent]:
    """Create an agent.

    The new agent is active and is a user as well. It joins no channel by itself.
    """
    async with database.transaction() as connection:
        await actions.create_agent(connection, actor, body.model_dump(exclude={"mind"}))
        if body.mind == "external":
            await external_runs.set_mind(connection, body.id, body.mind)
    return json_response(await queries.get_agent(database, actor, body.id), 201)


@router.get("/{agent_id}")
async def get_agent(
    agent_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Agent]:
    """Get an agent.

    Returns an agent with its settings. Inactive agents are found, too.
    """
    agent = await queries.get_agent(database, actor, agent_id)
    require(actor, Permission.READ_AGENTS)
    return json_response(agent)


@router.patch("/{agent_id}")
async def change_agent(
    agent_id: Id, body: AgentChange, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Agent]:
    """Change an agent.

    Changes the fields that are sent and keeps the others. Setting `isActive` to false cancels
    the agent's runs.
    """
    async with database.transaction() as connection:
        await workspace.change_agent(
            connection, actor, agent_id, body.model_dump(exclude_unset=True)
        )
    return json_response(await queries.get_agent(database, actor, agent_id))


@router.delete("/{agent_id}")
async def deactivate_agent(
    agent_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Agent]:
    """Deactivate an agent.

    The agent stops reading and replying, and its runs are canceled. Its messages and memory are
    kept.
    """
    async with database.transaction() as connection:
        await workspace.deactivate_agent(connection, actor, agent_id)
    return json_response(await queries.get_agent(database, actor, agent_id))


class ManagerChange(RequestBody):
    """Who looks after an agent from now on."""

    person_id: Annotated[Id | None, Field(description="Id of the person; null for nobody.")]


@router.get("/{agent_id}/manager")
async def get_manager(
    agent_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Manager]:
    """Get an agent's manager.

    The manager is a person who may edit the agent, beside owners and admins.
    """
    return json_response(await managers.get_manager(database, actor, agent_id))


@router.put("/{agent_id}/manager")
async def set_manager(
    agent_id: Id, body: ManagerChange, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Manager]:
    """Choose an agent's manager.

    Only owners and admins can do this. Guests cannot be managers.
    """
    async with database.transaction() as connection:
        await managers.set_manager(connection, actor, agent_id, body.person_id)
    return json_response(await managers.get_manager(database, actor, agent_id))


@router.get("/{agent_id}/queue")
async def get_queue(
    agent_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[agent_queue.AgentQueue]:
    """Get an agent's queue.

    Returns what the agent is working on and what waits for it, as far as the current user can
    see it.
    """
    return json_response(await agent_queue.get_queue(database, actor, agent_id))
