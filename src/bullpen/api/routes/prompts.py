"""The prompt that an agent's model would get now."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from msgspec import Meta, Struct
from pydantic import BaseModel, Field

from bullpen.agents.model_lists import model_problem
from bullpen.agents.prompt.build import Section, build_prompt
from bullpen.agents.prompt.conversation import Location, Trigger
from bullpen.agents.providers import (
    Answering,
    ModelCheck,
    ProviderState,
    check,
    provider_statuses,
    resolve_model,
)
from bullpen.agents.tools import TOOLS
from bullpen.api.http.dependencies import CurrentActor, DatabaseDep, StateDep
from bullpen.api.http.fields import Id, MessageId, Text
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.chat.queries import get_message
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid, NotFound
from bullpen.kit.json_types import AgentId
from bullpen.members import queries
from bullpen.members.actor import Actor
from bullpen.members.permissions import Permission, require

router = Router(prefix="/api", tags=["agents"])


class PromptShown(Struct, rename="camel"):
    """The prompt that an agent's model would get now."""

    agent_id: AgentId
    channel_id: Annotated[
        str | None, Meta(description="Id of the channel that it is for; null for none.")
    ]
    model_id: Annotated[str, Meta(description="The model that would answer.")]
    sections: Annotated[list[Section], Meta(description="Its parts, in the order of the prompt.")]
    tokens: Annotated[int, Meta(description="Its estimated length in tokens.")]
    is_estimate: Annotated[
        bool, Meta(description="Always true: a token is counted as four bytes.")
    ] = True


class ProvidersShown(Struct, rename="camel"):
    """All model providers, and which models answer for the agents."""

    providers: Annotated[list[ProviderState], Meta(description="All supported providers.")]
    models: Annotated[
        list[Answering], Meta(description="One for each model that an active agent has.")
    ]


class PromptQuery(BaseModel):
    channel_id: Annotated[
        Id | None,
        Field(
            alias="channelId",
            description="Id of the channel to preview it for. Left out: a scheduled run.",
        ),
    ] = None
    thread_id: Annotated[
        MessageId | None,
        Field(alias="threadId", description="Id of the first message of a thread in the channel."),
    ] = None


@router.get("/agents/{agent_id}/prompt")
async def get_prompt(
    agent_id: Id,
    query: Annotated[PromptQuery, Query()],
    state: StateDep,
    actor: CurrentActor,
) -> JsonResponse[PromptShown]:
    """Preview an agent's prompt.

    Returns what the agent's model would get now, by section. A channel must be readable for
    both the current user and the agent.
    """
    database, location = state.database, Location(query.channel_id, query.thread_id)
    agent = await queries.get_agent(database, actor, agent_id)
    require(actor, Permission.READ_AGENTS)
    if location.channel_id is None and location.thread_id is not None:
        raise Invalid(
            ErrorCode.FIELDS_CONFLICT, "A thread belongs to a channel. Send channelId as well."
        )
    if location.channel_id is not None:
        channel = await queries.get_channel(database, actor, location.channel_id)
        if location.thread_id is not None:
            await get_message(database, actor, location.thread_id)
        try:
            await queries.get_channel(database, Actor(agent_id), location.channel_id)
        except NotFound as problem:
            raise Invalid(
                ErrorCode.AGENT_CANNOT_READ,
                f"'{agent_id}' cannot read '{channel.id}'. Choose a channel that it can read.",
            ) from problem
    prompt = await build_prompt(
        database, agent, location, Trigger(), TOOLS, datetime.now(state.zone)
    )
    resolved = resolve_model(agent.model_id, await state.current_models()).answers_by
    sections = list(prompt.sections)
    return json_response(
        PromptShown(
            agent_id,
            location.channel_id,
            resolved,
            sections,
            sum(section.tokens for section in sections),
        )
    )


@router.get("/providers")
async def list_providers(
    state: StateDep, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[ProvidersShown]:
    """List model providers.

    Returns which providers are ready, what is missing for the others, and which model answers
    for each model that an agent has.
    """
    agents = await queries.list_agents(database, actor, active=True)
    models = sorted({agent.model_id for agent in agents})
    settings = await state.current_models()
    return json_response(
        ProvidersShown(
            provider_statuses(settings),
            [resolve_model(model, settings) for model in models],
        )
    )


class ModelQuery(BaseModel):
    model_id: Annotated[
        Text,
        Field(
            alias="modelId",
            min_length=1,
            max_length=200,
            description="The model, as `provider:model` or `scripted`.",
        ),
    ]


@router.get("/providers/check")
async def check_model(
    query: Annotated[ModelQuery, Query()],
    state: StateDep,
    actor: CurrentActor,
) -> JsonResponse[ModelCheck]:
    """Check a model id.

    Returns whether an agent can have this model and which model would answer for it.
    """
    require(actor, Permission.READ_AGENTS)
    settings = await state.current_models()
    problem = await model_problem(query.model_id, settings, state.model_lists)
    return json_response(check(query.model_id, settings, problem))
