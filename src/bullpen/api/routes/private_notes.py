from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from bullpen.api.http import errors, schemas
from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import Id
from bullpen.api.http.responses import json_response
from bullpen.api.routes.memory import Label, NoteContent, Restored, Version
from bullpen.memory import notes
from bullpen.memory.actions import Write

router = APIRouter(
    prefix="/api/agents/{agent_id}/notes", tags=["memory"], responses=errors.DOCUMENTED
)


def address(agent_id: Id, channel_id: Id, label: Label) -> notes.Address:
    return notes.Address(agent_id, channel_id, label)


@router.get("", response_model=list[schemas.PrivateNote])
async def list_notes(agent_id: Id, database: DatabaseDep, actor: CurrentActor) -> Response:
    """What it noted in private channels and DMs that one may read."""
    return json_response(await notes.list_notes(database, actor, agent_id))


@router.put("/{channel_id}/{label}", response_model=schemas.PrivateNote, responses=errors.REFUSED)
async def write_note(
    at: Annotated[notes.Address, Depends(address)],
    body: NoteContent,
    database: DatabaseDep,
    actor: CurrentActor,
) -> Response:
    """For the readers of that private channel or DM; the public block of that label stays."""
    async with database.transaction() as connection:
        write = Write(body.content, version=body.version)
        note = await notes.write_note(connection, actor, at, write)
    return json_response(note)


@router.delete(
    "/{channel_id}/{label}", response_model=schemas.PrivateNote, responses=errors.REFUSED
)
async def delete_note(
    at: Annotated[notes.Address, Depends(address)], database: DatabaseDep, actor: CurrentActor
) -> Response:
    """With its versions."""
    async with database.transaction() as connection:
        note = await notes.delete_note(connection, actor, at)
    return json_response(note)


@router.get("/{channel_id}/{label}/versions", response_model=schemas.BlockVersions)
async def list_versions(
    at: Annotated[notes.Address, Depends(address)],
    database: DatabaseDep,
    actor: CurrentActor,
    before: Annotated[Version | None, Query(description="Older than this version")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """Newest first."""
    found = await notes.list_note_versions(database, actor, at, before=before, limit=limit)
    return json_response(found)


@router.post(
    "/{channel_id}/{label}/restore", response_model=schemas.PrivateNote, responses=errors.REFUSED
)
async def restore_note(
    at: Annotated[notes.Address, Depends(address)],
    body: Restored,
    database: DatabaseDep,
    actor: CurrentActor,
) -> Response:
    """As a new version."""
    async with database.transaction() as connection:
        note = await notes.restore_note(connection, actor, at, body.version)
    return json_response(note)
