"""Agents as files: export, import, copies; and deleting one for good."""

import asyncio
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from bullpen.agents.files import formats
from bullpen.agents.files.collecting import collect
from bullpen.agents.files.formats import Format
from bullpen.agents.files.restoring import Imported, restore
from bullpen.agents.model_lists import require_known_model
from bullpen.agents.preview import AgentPreview, Draft, preview
from bullpen.api.http.accounts import Done
from bullpen.api.http.dependencies import CurrentActor, DatabaseDep, StateDep
from bullpen.api.http.fields import (
    Id,
    MessageText,
    ModelId,
    Name,
    NewUserId,
    RequestBody,
    Text,
    UserName,
)
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.audit.actions import Target
from bullpen.members.audit_trail import audit
from bullpen.members.defaults import DEFAULT_MODEL_ID
from bullpen.members.permissions import Permission, require
from bullpen.members.queries import Agent, get_agent
from bullpen.workspace.agents import delete_agent

router = Router(prefix="/api/agents", tags=["agents"])

SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
MEDIA_TYPES: dict[Format, str] = {"folder": "application/zip", "letta": "application/json"}
DESCRIBED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class Copy(RequestBody):
    """The id and name of the copy."""

    id: Annotated[NewUserId, Field(description="Id of the new agent.")]
    display_name: Annotated[UserName, Field(description="Name of the new agent.")]


class PreviewRequest(RequestBody):
    """An agent as it is typed so far, and a message for it."""

    display_name: Annotated[UserName, Field(description="Name of the agent.")]
    title: Annotated[Name, Field(description="Its title.")]
    system_prompt: Annotated[
        Text, Field(min_length=1, max_length=100_000, description="Its instructions.")
    ]
    model_id: Annotated[ModelId, Field(description="The model that answers.")] = DEFAULT_MODEL_ID
    text: Annotated[MessageText, Field(max_length=4_000, description="The message.")]


class Deletion(RequestBody):
    """What has to be typed to delete an agent."""

    display_name: Annotated[Text, Field(max_length=200, description="The agent's name.")]


class ImportQuery(BaseModel):
    id: Annotated[
        NewUserId | None, Field(description="Another id for the agent. Left out: the file's.")
    ] = None
    display_name: Annotated[
        UserName | None,
        Field(alias="displayName", description="Another name for it. Left out: the file's."),
    ] = None


@router.get("/{agent_id}/export", response_class=Response, responses=DESCRIBED)
async def export_agent(
    agent_id: Id,
    database: DatabaseDep,
    actor: CurrentActor,
    form: Annotated[
        Format,
        Query(
            alias="format",
            description="`folder`: a zip file of a readable folder. `letta`: a Letta agent file.",
        ),
    ] = "folder",
) -> Response:
    """Export an agent.

    Returns a file with its settings, memory and history, archive, plans and channels. Private
    notes, passages and plans of places that the current user cannot read are left out. For owners,
    admins and the agent's manager.
    """
    async with database.transaction() as connection:
        await connection.execute(SNAPSHOT)
        file = await collect(connection, actor, agent_id)
    async with database.transaction() as connection:
        await audit(connection, actor, "agent.exported", Target("agent", agent_id), format=form)
    content = await asyncio.to_thread(formats.pack, file, form)
    name = f"{file.settings.id}.{formats.SUFFIXES[form]}"
    disposition = f'attachment; filename="{name}"'
    return Response(
        content, media_type=MEDIA_TYPES[form], headers={"Content-Disposition": disposition}
    )


@router.post("/import", status_code=201)
async def import_agent(
    request: Request,
    query: Annotated[ImportQuery, Query()],
    database: DatabaseDep,
    actor: CurrentActor,
) -> JsonResponse[Imported]:
    """Import an agent.

    The body is a file that was exported, as `application/zip` or `application/json`. The agent is
    made with all of it, or not at all. For owners and admins.
    """
    require(actor, Permission.CREATE_AGENT)
    content = await request.body()
    file, left_out = await asyncio.to_thread(formats.unpack, content)
    renamed = formats.renamed(file, query.id, query.display_name)
    async with database.transaction() as connection:
        made = await restore(connection, actor, renamed)
    return json_response(Imported(made.agent_id, [*left_out, *made.left_out]), 201)


@router.post("/preview")
async def preview_agent(
    body: PreviewRequest, state: StateDep, actor: CurrentActor
) -> JsonResponse[AgentPreview]:
    """Preview an agent.

    Returns what an agent that does not exist yet would answer to a direct message. Nothing is
    posted or stored; the model is asked at most three times, for at most 10 cents. For owners and
    admins.
    """
    require(actor, Permission.CREATE_AGENT)
    settings = await state.current_models()
    if body.model_id != DEFAULT_MODEL_ID:
        await require_known_model(body.model_id, settings, state.model_lists)
    draft = Draft(body.display_name, body.title, body.system_prompt, body.model_id)
    now = datetime.now(state.zone)
    return json_response(await preview(state.database, actor, draft, body.text, settings, now))


@router.post("/{agent_id}/duplicate", status_code=201)
async def duplicate_agent(
    agent_id: Id, body: Copy, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Agent]:
    """Duplicate an agent.

    The copy has the same settings, memory blocks, archive and channels, and no history, plans or
    private memory. For owners and admins.
    """
    async with database.transaction() as connection:
        await get_agent(connection, actor, agent_id)
        require(actor, Permission.CREATE_AGENT)
        file = await collect(connection, actor, agent_id)
        copy = formats.copied(file, body.id, body.display_name)
        await restore(connection, actor, copy, audited_as="agent.duplicated")
    return json_response(await get_agent(database, actor, body.id), 201)


@router.post("/{agent_id}/delete")
async def delete_for_good(
    agent_id: Id, body: Deletion, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Done]:
    """Delete an agent for good.

    Its memory, plans, runs and tokens are deleted with it. Its messages stay under its name, and
    nobody else can get its id; an exported file brings it back.
    """
    async with database.transaction() as connection:
        await delete_agent(connection, actor, agent_id, body.display_name)
    return json_response(Done())
