from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import Id, MessageId, RequestBody, Text
from bullpen.api.http.pagination import Limit
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.kit.fulltext import LONGEST_SEARCH
from bullpen.memory import actions, archive, blocks
from bullpen.memory.blocks import Versions
from bullpen.memory.limits import LONGEST_BLOCK, LONGEST_PASSAGE, LONGEST_TAG, MOST_TAGS

router = Router(prefix="/api/agents/{agent_id}", tags=["memory"])

Label = Annotated[Id, Field(min_length=1, max_length=80)]
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]
OlderThan = Annotated[Version | None, Query(description="Only versions older than this one.")]
Tag = Annotated[Text, Field(min_length=1, max_length=LONGEST_TAG)]


class NoteContent(RequestBody):
    """The text of a private note."""

    content: Annotated[Text, Field(max_length=LONGEST_BLOCK, description="The whole new text.")]
    version: Annotated[
        Version | None,
        Field(
            description="The version that was read: if it is no longer the current one, nothing is"
            " written (409). Left out: overwrite."
        ),
    ] = None


class BlockContent(NoteContent):
    """The text of a memory block."""

    is_shared: Annotated[
        bool | None,
        Field(description="Whether it can be shared. Left out: as before, or false if new."),
    ] = None


class Restored(RequestBody):
    """The version to restore."""

    version: Annotated[Version, Field(description="Number of the version.")]


class Links(RequestBody):
    """The agents that share a memory block from now on."""

    agent_ids: Annotated[
        list[Id], Field(max_length=1000, description="Ids of all other agents that share it.")
    ]


class NewPassage(RequestBody):
    """A passage to store."""

    content: Annotated[
        Text,
        Field(min_length=1, max_length=LONGEST_PASSAGE, description="The text of the passage."),
    ]
    tags: Annotated[list[Tag], Field(max_length=MOST_TAGS, description="Tags to find it by.")] = []


class ArchiveQuery(BaseModel):
    q: Annotated[
        Text,
        Field(
            json_schema_extra={"maxLength": LONGEST_SEARCH},
            description='Words, "phrases", -not and begin*. Empty: all passages.',
        ),
    ] = ""
    tags: Annotated[
        Text, Field(max_length=1000, description="Only passages with all these tags, as `a,b`.")
    ] = ""
    cursor: Annotated[
        Text | None, Field(max_length=500, description="`nextCursor` of the previous page.")
    ] = None
    limit: Limit = 20


@router.get("/memory")
async def list_blocks(
    agent_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[blocks.MemoryBlock]]:
    """List memory blocks.

    Returns the agent's own blocks, then those that other agents share with it.
    """
    return json_response(await blocks.list_blocks(database, actor, agent_id))


@router.put("/memory/{label}")
async def write_block(
    agent_id: Id, label: Label, body: BlockContent, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[blocks.MemoryBlock]:
    """Write a memory block.

    Overwrites the agent's block with this label, or the shared block that it uses under this
    label, or else creates a block. Every write adds a version.
    """
    async with database.transaction() as connection:
        write = actions.Write(body.content, body.is_shared, body.version)
        block = await actions.write_block(connection, actor, agent_id, label, write)
    return json_response(block)


@router.delete("/memory/{label}")
async def delete_block(
    agent_id: Id,
    label: Label,
    database: DatabaseDep,
    actor: CurrentActor,
    *,
    force: Annotated[bool, Query(description="Delete it even if other agents share it.")] = False,
) -> JsonResponse[blocks.MemoryBlock]:
    """Delete a memory block.

    Deletes the block with all its versions. If other agents share it, this needs `force=true`.
    Returns the deleted block.
    """
    async with database.transaction() as connection:
        block = await actions.delete_block(connection, actor, agent_id, label, force=force)
    return json_response(block)


@router.get("/memory/{label}/versions")
async def list_versions(
    agent_id: Id,
    label: Label,
    database: DatabaseDep,
    actor: CurrentActor,
    before: OlderThan = None,
    limit: Limit = 50,
) -> JsonResponse[Versions]:
    """List the versions of a memory block.

    Newest first. Pass `nextCursor` as `before` for older versions.
    """
    found = await blocks.list_versions(database, actor, agent_id, label, before=before, limit=limit)
    return json_response(found)


@router.post("/memory/{label}/restore")
async def restore_block(
    agent_id: Id, label: Label, body: Restored, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[blocks.MemoryBlock]:
    """Restore a version of a memory block.

    Makes the content of an earlier version the newest version. Later versions are kept.
    """
    async with database.transaction() as connection:
        block = await actions.restore_block(connection, actor, agent_id, label, body.version)
    return json_response(block)


@router.put("/memory/{label}/links")
async def link_block(
    agent_id: Id, label: Label, body: Links, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[blocks.MemoryBlock]:
    """Choose who shares a memory block.

    Exactly these agents share the block from now on. Only the agent that owns it can be named
    in the address. Send an empty list to stop sharing.
    """
    async with database.transaction() as connection:
        block = await actions.link_block(connection, actor, agent_id, label, body.agent_ids)
    return json_response(block)


@router.get("/archival")
async def search_archive(
    agent_id: Id,
    query: Annotated[ArchiveQuery, Query()],
    database: DatabaseDep,
    actor: CurrentActor,
) -> JsonResponse[archive.Passages]:
    """Search an agent's archive.

    With `q`, returns the best matches first, otherwise the newest passages. Put phrases in
    quotes, exclude words with `-`, and end a word with `*` to match how words begin.
    """
    tags = [tag.strip() for tag in query.tags.split(",") if tag.strip()]
    search = archive.Search(query.q, tags, query.cursor, query.limit)
    return json_response(await archive.search_archive(database, actor, agent_id, search))


@router.post("/archival", status_code=201)
async def add_passage(
    agent_id: Id, body: NewPassage, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[archive.ArchivalPassage]:
    """Add a passage to an archive.

    Stores a long-term note that the agent can search. Everyone in the workspace can read it.
    """
    async with database.transaction() as connection:
        passage = await archive.add_passage(connection, actor, agent_id, body.content, body.tags)
    return json_response(passage, 201)


@router.delete("/archival/{passage_id}")
async def delete_passage(
    agent_id: Id, passage_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[archive.ArchivalPassage]:
    """Delete a passage from an archive.

    Returns the deleted passage.
    """
    async with database.transaction() as connection:
        passage = await archive.delete_passage(connection, actor, agent_id, passage_id)
    return json_response(passage)
