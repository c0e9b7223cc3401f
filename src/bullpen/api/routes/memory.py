from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from bullpen.api.http import errors, schemas
from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import Id, MessageId, RequestBody, Text
from bullpen.api.http.responses import json_response
from bullpen.kit.fulltext import LONGEST_SEARCH
from bullpen.memory import actions, archive, blocks
from bullpen.memory.limits import LONGEST_BLOCK, LONGEST_PASSAGE, LONGEST_TAG, MOST_TAGS

router = APIRouter(prefix="/api/agents/{agent_id}", tags=["memory"], responses=errors.DOCUMENTED)

Label = Annotated[Id, Field(min_length=1, max_length=80)]
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]
Tag = Annotated[Text, Field(min_length=1, max_length=LONGEST_TAG)]


class NoteContent(RequestBody):
    content: Annotated[Text, Field(max_length=LONGEST_BLOCK)]
    version: Annotated[
        Version | None, Field(description="The one that was read; left out: overwrite")
    ] = None


class BlockContent(NoteContent):
    is_shared: bool | None = None


class Restored(RequestBody):
    version: Version


class Links(RequestBody):
    agent_ids: Annotated[list[Id], Field(max_length=1000)]


class NewPassage(RequestBody):
    content: Annotated[Text, Field(min_length=1, max_length=LONGEST_PASSAGE)]
    tags: Annotated[list[Tag], Field(max_length=MOST_TAGS)] = []


class ArchiveQuery(BaseModel):
    q: Annotated[Text, Field(json_schema_extra={"maxLength": LONGEST_SEARCH})] = ""
    tags: Annotated[Text, Field(max_length=1000, description="All of these: a,b")] = ""
    cursor: Annotated[Text | None, Field(max_length=500)] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 20


@router.get("/memory", response_model=list[schemas.MemoryBlock])
async def list_blocks(agent_id: Id, database: DatabaseDep, actor: CurrentActor) -> Response:
    """Its own, then those that others share with it."""
    return json_response(await blocks.list_blocks(database, actor, agent_id))


@router.put("/memory/{label}", response_model=schemas.MemoryBlock, responses=errors.REFUSED)
async def write_block(
    agent_id: Id, label: Label, body: BlockContent, database: DatabaseDep, actor: CurrentActor
) -> Response:
    """Its own block, else the shared one of that label, else a new one of its own."""
    async with database.transaction() as connection:
        write = actions.Write(body.content, body.is_shared, body.version)
        block = await actions.write_block(connection, actor, agent_id, label, write)
    return json_response(block)


@router.delete("/memory/{label}", response_model=schemas.MemoryBlock, responses=errors.REFUSED)
async def delete_block(
    agent_id: Id, label: Label, database: DatabaseDep, actor: CurrentActor, *, force: bool = False
) -> Response:
    """With its versions; `force` also where others share it."""
    async with database.transaction() as connection:
        block = await actions.delete_block(connection, actor, agent_id, label, force=force)
    return json_response(block)


@router.get("/memory/{label}/versions", response_model=schemas.BlockVersions)
async def list_versions(
    agent_id: Id,
    label: Label,
    database: DatabaseDep,
    actor: CurrentActor,
    before: Annotated[Version | None, Query(description="Older than this version")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """Newest first."""
    found = await blocks.list_versions(database, actor, agent_id, label, before=before, limit=limit)
    return json_response(found)


@router.post(
    "/memory/{label}/restore", response_model=schemas.MemoryBlock, responses=errors.REFUSED
)
async def restore_block(
    agent_id: Id, label: Label, body: Restored, database: DatabaseDep, actor: CurrentActor
) -> Response:
    """As a new version."""
    async with database.transaction() as connection:
        block = await actions.restore_block(connection, actor, agent_id, label, body.version)
    return json_response(block)


@router.put("/memory/{label}/links", response_model=schemas.MemoryBlock, responses=errors.REFUSED)
async def link_block(
    agent_id: Id, label: Label, body: Links, database: DatabaseDep, actor: CurrentActor
) -> Response:
    """Exactly these agents share it from now on."""
    async with database.transaction() as connection:
        block = await actions.link_block(connection, actor, agent_id, label, body.agent_ids)
    return json_response(block)


@router.get("/archival", response_model=schemas.Passages)
async def search_archive(
    agent_id: Id,
    query: Annotated[ArchiveQuery, Query()],
    database: DatabaseDep,
    actor: CurrentActor,
) -> Response:
    """Words, "a phrase", -excluded and pref*, the best first; without `q` the newest first."""
    tags = [tag.strip() for tag in query.tags.split(",") if tag.strip()]
    search = archive.Search(query.q, tags, query.cursor, query.limit)
    return json_response(await archive.search_archive(database, actor, agent_id, search))


@router.post(
    "/archival", response_model=schemas.ArchivalPassage, status_code=201, responses=errors.REFUSED
)
async def add_passage(
    agent_id: Id, body: NewPassage, database: DatabaseDep, actor: CurrentActor
) -> Response:
    async with database.transaction() as connection:
        passage = await archive.add_passage(connection, actor, agent_id, body.content, body.tags)
    return json_response(passage, 201)


@router.delete(
    "/archival/{passage_id}", response_model=schemas.ArchivalPassage, responses=errors.REFUSED
)
async def delete_passage(
    agent_id: Id, passage_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> Response:
    async with database.transaction() as connection:
        passage = await archive.delete_passage(connection, actor, agent_id, passage_id)
    return json_response(passage)
