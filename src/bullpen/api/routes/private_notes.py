from typing import Annotated

from fastapi import Depends

from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import Id
from bullpen.api.http.pagination import Limit
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.api.routes.memory import Label, NoteContent, OlderThan, Restored
from bullpen.memory import notes
from bullpen.memory.actions import Write
from bullpen.memory.blocks import Versions

router = Router(prefix="/api/agents/{agent_id}/notes", tags=["memory"])


def address(agent_id: Id, channel_id: Id, label: Label) -> notes.Address:
    return notes.Address(agent_id, channel_id, label)


@router.get("")
async def list_notes(
    agent_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[notes.PrivateNote]]:
    """List private notes.

    Returns what the agent noted in private channels and DMs that the current user can read.
    """
    return json_response(await notes.list_notes(database, actor, agent_id))


@router.put("/{channel_id}/{label}")
async def write_note(
    at: Annotated[notes.Address, Depends(address)],
    body: NoteContent,
    database: DatabaseDep,
    actor: CurrentActor,
) -> JsonResponse[notes.PrivateNote]:
    """Write a private note.

    Adds to a memory block for the readers of one private channel or DM. The block itself, which
    everyone can read, stays as it is.
    """
    async with database.transaction() as connection:
        write = Write(body.content, version=body.version)
        note = await notes.write_note(connection, actor, at, write)
    return json_response(note)


@router.delete("/{channel_id}/{label}")
async def delete_note(
    at: Annotated[notes.Address, Depends(address)], database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[notes.PrivateNote]:
    """Delete a private note.

    Deletes the note with all its versions. Returns the deleted note.
    """
    async with database.transaction() as connection:
        note = await notes.delete_note(connection, actor, at)
    return json_response(note)


@router.get("/{channel_id}/{label}/versions")
async def list_versions(
    at: Annotated[notes.Address, Depends(address)],
    database: DatabaseDep,
    actor: CurrentActor,
    before: OlderThan = None,
    limit: Limit = 50,
) -> JsonResponse[Versions]:
    """List the versions of a private note.

    Newest first. Pass `nextCursor` as `before` for older versions.
    """
    found = await notes.list_note_versions(database, actor, at, before=before, limit=limit)
    return json_response(found)


@router.post("/{channel_id}/{label}/restore")
async def restore_note(
    at: Annotated[notes.Address, Depends(address)],
    body: Restored,
    database: DatabaseDep,
    actor: CurrentActor,
) -> JsonResponse[notes.PrivateNote]:
    """Restore a version of a private note.

    Makes the content of an earlier version the newest version. Later versions are kept.
    """
    async with database.transaction() as connection:
        note = await notes.restore_note(connection, actor, at, body.version)
    return json_response(note)
