from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from bullpen.api import errors, schemas
from bullpen.api.answers import answer
from bullpen.api.memory import Label, NoteContent, Restored, Version
from bullpen.api.session import ActorOf
from bullpen.api.state import DatabaseOf
from bullpen.api.values import Id
from bullpen.memory import notes
from bullpen.memory.actions import Write

router = APIRouter(
    prefix="/api/agents/{agent_id}/notes", tags=["memory"], responses=errors.DOCUMENTED
)


def address(agent_id: Id, channel_id: Id, label: Label) -> notes.Address:
    return notes.Address(agent_id, channel_id, label)


@router.get("", response_model=list[schemas.PrivateNote])
async def list_notes(agent_id: Id, database: DatabaseOf, actor: ActorOf) -> Response:
    """What it noted in private channels and DMs that one may read."""
    return answer(await notes.list_notes(database, actor, agent_id))


@router.put("/{channel_id}/{label}", response_model=schemas.PrivateNote, responses=errors.REFUSED)
async def write_note(
    at: Annotated[notes.Address, Depends(address)],
    body: NoteContent,
    database: DatabaseOf,
    actor: ActorOf,
) -> Response:
    """For the readers of that private channel or DM; the public block of that label stays."""
    async with database.transaction() as connection:
        write = Write(body.content, version=body.version)
        note = await notes.write_note(connection, actor, at, write)
    return answer(note)


@router.delete(
    "/{channel_id}/{label}", response_model=schemas.PrivateNote, responses=errors.REFUSED
)
async def delete_note(
    at: Annotated[notes.Address, Depends(address)], database: DatabaseOf, actor: ActorOf
) -> Response:
    """With its versions."""
    async with database.transaction() as connection:
        note = await notes.delete_note(connection, actor, at)
    return answer(note)


@router.get("/{channel_id}/{label}/versions", response_model=schemas.BlockVersions)
async def list_versions(
    at: Annotated[notes.Address, Depends(address)],
    database: DatabaseOf,
    actor: ActorOf,
    before: Annotated[Version | None, Query(description="Older than this version")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """Newest first."""
    found = await notes.list_note_versions(database, actor, at, before=before, limit=limit)
    return answer(found)


@router.post(
    "/{channel_id}/{label}/restore", response_model=schemas.PrivateNote, responses=errors.REFUSED
)
async def restore_note(
    at: Annotated[notes.Address, Depends(address)],
    body: Restored,
    database: DatabaseOf,
    actor: ActorOf,
) -> Response:
    """As a new version."""
    async with database.transaction() as connection:
        note = await notes.restore_note(connection, actor, at, body.version)
    return answer(note)
