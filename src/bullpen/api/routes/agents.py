from typing import Annotated

from fastapi import Query, Request
from pydantic import Field

from bullpen.agents.model_lists import require_known_model
from bullpen.api.http.dependencies import (
    CurrentActor,
    DatabaseDep,
    IdentifiedActor,
    StateDep,
    require_active_if_empty,
)
from bullpen.api.http.fields import Color, Id, ModelId, Name, NewUserId, RequestBody, Text, UserName
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.members import actions, managers, queries
from bullpen.members.conditions import require_for
from bullpen.members.defaults import DEFAULT_MODEL_ID
from bullpen.members.managers import Manager
from bullpen.members.permissions import Permission, require
from bullpen.members.queries import Agent
from bullpen.runs import agent_queue, external_runs
from bullpen.runs.budgets import set_budget
from bullpen.runs.external_runs import Mind
from bullpen.workspace import agents as workspace

router = Router(prefix="/api/agents", tags=["agents"])
NOT_COLUMNS = {"mind", "channel_ids", "manager_id", "daily_usd"}

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
    model_id: Model = DEFAULT_MODEL_ID
    max_turns: Turns = 5
    max_budget_usd: Dollars = 0.10
    mind: Annotated[
        Mind, Field(description="Who answers: `resident`, Bullpen's worker, or `external`.")
    ] = "resident"
    channel_ids: Annotated[
        list[Id], Field(max_length=200, description="Ids of the channels that it joins.")
    ] = []
    manager_id: Annotated[
        Id | None, Field(description="Id of the person who looks after it; null for nobody.")
    ] = None
    daily_usd: Annotated[
        Dollars | None,
        Field(description="Its daily budget, in US dollars; null for no limit of its own."),
    ] = None


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
async def create_agent(body: NewAgent, state: StateDep, actor: CurrentActor) -> JsonResponse[Agent]:
    """Create an agent.

    The new agent is active and is a user as well. It joins the channels that are named. A model
    that its provider does not have is refused.
    """
    database = state.database
    require(actor, Permission.CREATE_AGENT)
    if body.model_id != DEFAULT_MODEL_ID:
        await require_known_model(body.model_id, await state.current_models(), state.model_lists)
    async with database.transaction() as connection:
        await actions.create_agent(connection, actor, body.model_dump(exclude=NOT_COLUMNS))
        if body.mind == "external":
            await external_runs.set_mind(connection, body.id, body.mind)
        for channel_id in dict.fromkeys(body.channel_ids):
            await workspace.bring_in(connection, actor, channel_id, body.id)
        if body.manager_id is not None:
            await managers.set_manager(connection, actor, body.id, body.manager_id)
        if body.daily_usd is not None:
            await set_budget(connection, actor, body.id, None, body.daily_usd)
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
    agent_id: Id, body: AgentChange, state: StateDep, actor: CurrentActor
) -> JsonResponse[Agent]:
    """Change an agent.

    Changes the fields that are sent and keeps the others. Setting `isActive` to false cancels
    the agent's runs. A new model that its provider does not have is refused.
    """
    database = state.database
    changes = body.model_dump(exclude_unset=True)
    if "model_id" in changes:
        agent = await queries.get_agent(database, actor, agent_id)
        await require_for(database, actor, Permission.EDIT_AGENT, agent_id=agent_id)
        if body.model_id not in (agent.model_id, DEFAULT_MODEL_ID):
            await require_known_model(
                body.model_id, await state.current_models(), state.model_lists
            )
    async with database.transaction() as connection:
        await workspace.change_agent(connection, actor, agent_id, changes)
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
