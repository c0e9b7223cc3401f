"""What an agent's model would be given now, for whoever wants to see why it says what it says."""

import asyncio
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from msgspec import Struct
from pydantic import BaseModel, Field

from bullpen.agents.prompt.build import Section, build_prompt
from bullpen.agents.prompt.conversation import Location, Trigger
from bullpen.agents.providers import (
    Answering,
    ProviderState,
    check,
    provider_statuses,
    resolve_model,
)
from bullpen.agents.tools import TOOLS
from bullpen.api.http import errors, schemas
from bullpen.api.http.dependencies import CurrentActor, DatabaseDep, StateDep
from bullpen.api.http.fields import Id, MessageId, Text
from bullpen.api.http.responses import json_response
from bullpen.chat.queries import get_message
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid, NotFound
from bullpen.members import queries
from bullpen.members.actor import Actor

router = APIRouter(prefix="/api", tags=["agents"], responses=errors.DOCUMENTED)


class PromptShown(Struct, rename="camel"):
    agent_id: str
    channel_id: str | None
    model_id: str
    sections: list[Section]
    tokens: int
    # Counted as four bytes each: whoever answers counts in its own way.
    is_estimate: bool = True


class ProvidersShown(Struct, rename="camel"):
    providers: list[ProviderState]
    # Of each model that an agent has, who answers.
    models: list[Answering]


class PromptQuery(BaseModel):
    channel_id: Annotated[Id | None, Field(alias="channelId")] = None
    thread_id: Annotated[
        MessageId | None, Field(alias="threadId", description="The message it began with")
    ] = None


@router.get("/agents/{agent_id}/prompt", response_model=schemas.Prompt)
async def get_prompt(
    agent_id: Id,
    query: Annotated[PromptQuery, Query()],
    state: StateDep,
    actor: CurrentActor,
) -> Response:
    """By section; of a channel that one may read oneself."""
    database, location = state.database, Location(query.channel_id, query.thread_id)
    agent = await queries.get_agent(database, actor, agent_id)
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
    resolved = resolve_model(agent.model_id, state.model_settings).answers_by
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


@router.get("/providers", response_model=schemas.Providers)
async def list_providers(state: StateDep, database: DatabaseDep, actor: CurrentActor) -> Response:
    """Which are ready, what is missing for the others, and who answers for each agent's model."""
    agents = await queries.list_agents(database, actor, active=True)
    models = sorted({agent.model_id for agent in agents})
    return json_response(
        ProvidersShown(
            provider_statuses(state.model_settings),
            [resolve_model(model, state.model_settings) for model in models],
        )
    )


class ModelQuery(BaseModel):
    model_id: Annotated[Text, Field(alias="modelId", min_length=1, max_length=200)]


@router.get("/providers/check", response_model=schemas.ModelCheck)
async def check_model(
    query: Annotated[ModelQuery, Query()],
    state: StateDep,
    actor: CurrentActor,  # noqa: ARG001 - whoever may see the providers
) -> Response:
    """Who would answer where an agent had this model, and whether there can be such a model."""
    return json_response(await asyncio.to_thread(check, query.model_id, state.model_settings))
