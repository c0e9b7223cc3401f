"""update_memory, search_memory, store_memory."""

from typing import Annotated

from asyncpg import Connection
from msgspec import UNSET
from pydantic import Field

from bullpen.agents import prompt_escaping
from bullpen.agents.tools.arguments import Arguments, Query, Text
from bullpen.agents.tools.audience import readers_here, require_audience, require_everybody
from bullpen.agents.tools.base import Tool, ToolContext, ToolProblem
from bullpen.agents.tools.validation import as_failed_call
from bullpen.kit.errors import Conflict
from bullpen.memory.actions import Write, write_block
from bullpen.memory.archive import Passages, Search, add_passage, search_archive
from bullpen.memory.blocks import MemoryBlock, find_block
from bullpen.memory.limits import LONGEST_BLOCK, LONGEST_PASSAGE, LONGEST_TAG, MOST_TAGS
from bullpen.memory.notes import Address, PrivateNote, find_note, write_note
from bullpen.runs.links import note_passages
from bullpen.runs.trace_privacy import note_private_source, withhold

LONGEST_FOUND = 2_000
WITHHELD = (
    "Withheld: the archive also has passages kept for {channel}, which not everybody can read who"
    " reads what the agent answers here."
)

Kept = MemoryBlock | PrivateNote

Tag = Annotated[Text, Field(min_length=1, max_length=LONGEST_TAG)]
Tags = Annotated[list[Tag], Field(max_length=MOST_TAGS)]


class UpdateMemory(Arguments):
    label: Annotated[
        str,
        Field(
            pattern=r"^[a-z0-9][a-z0-9_-]{0,79}$",
            description="Of a block of yours or one that is shared with you, or of a new one.",
        ),
    ]
    content: Annotated[
        Text, Field(max_length=LONGEST_BLOCK, description="All that the block is to hold.")
    ]
    version: Annotated[
        int, Field(ge=0, le=2**31 - 1, description="The one that you have read; 0 for a new block.")
    ]


async def update(connection: Connection, context: ToolContext, arguments: UpdateMemory) -> str:
    """In a private place, a note for its readers; elsewhere, what everybody reads."""
    if (await readers_here(connection, context)).are_everybody:
        return await update_block(connection, context, arguments)
    return await update_note(connection, context, arguments)


async def update_block(
    connection: Connection, context: ToolContext, arguments: UpdateMemory
) -> str:
    await require_everybody(connection, context, "Not kept")
    write = Write(arguments.content, version=arguments.version, run_id=context.run_id)
    actor = context.actor
    with as_failed_call():
        try:
            block = await write_block(connection, actor, actor.user_id, arguments.label, write)
        except Conflict as problem:
            now = await find_block(connection, actor, actor.user_id, arguments.label)
            raise changed_meanwhile(problem, now) from None
    return f"Done. '{block.label}' is at version {block.version}."


async def update_note(connection: Connection, context: ToolContext, arguments: UpdateMemory) -> str:
    actor, place = context.actor, context.channel_id
    assert place is not None
    at = Address(actor.user_id, place, arguments.label)
    await require_audience(connection, context, place, "Not kept")
    write = Write(arguments.content, version=arguments.version, run_id=context.run_id)
    with as_failed_call():
        try:
            note = await write_note(connection, actor, at, write)
        except Conflict as problem:
            now = await find_note(connection, actor, at)
            raise changed_meanwhile(problem, now) from None
    return (
        f"Done. Your private note '{note.label}', for the readers of this place alone, is at"
        f" version {note.version}. The block that everybody reads is as it was."
    )


def changed_meanwhile(problem: Conflict, now: Kept | None) -> ToolProblem:
    if now is None:
        return ToolProblem("There is no such block: give version 0 to begin one.")
    return ToolProblem(
        f"{problem.message} It is at version {now.version} and holds:\n"
        f"{prompt_escaping.quoted(now.content)}"
    )


class SearchMemory(Arguments):
    query: Annotated[Query, Field(description='Words, "a phrase", -not, begin*.')]
    tags: Annotated[Tags, Field(description="Only what has all of these.")] = []
    limit: Annotated[int, Field(ge=1, le=20)] = 5


async def look_up(connection: Connection, context: ToolContext, arguments: SearchMemory) -> str:
    wanted = Search(arguments.query, arguments.tags, limit=arguments.limit)
    actor = context.actor
    with as_failed_call():
        readers = await readers_here(connection, context)
        found = await search_archive(connection, actor, actor.user_id, wanted, readers)
        places = places_of(found)
        await note_private_source(connection, context.run_id, sorted(places))
        await note_passages(connection, context.run_id, [one.id for one in found.passages])
        of_all = await search_archive(connection, actor, actor.user_id, wanted)
        await withhold(connection, context.run_id, sorted(places_of(of_all) - places), WITHHELD)
    return (
        "\n".join(
            prompt_escaping.line(
                {
                    "at": passage.created_at,
                    "tags": passage.tags,
                    "text": passage.content[:LONGEST_FOUND],
                }
            )
            for passage in found.passages
        )
        or "Nothing was found."
    )


def places_of(found: Passages) -> set[str]:
    return {one.channel_id for one in found.passages if one.channel_id is not UNSET}


class StoreMemory(Arguments):
    content: Annotated[Text, Field(min_length=1, max_length=LONGEST_PASSAGE)]
    tags: Annotated[Tags, Field(description="A few words to find it by.")] = []


async def store(connection: Connection, context: ToolContext, arguments: StoreMemory) -> str:
    actor = context.actor
    is_public = (await readers_here(connection, context)).are_everybody
    place = None if is_public else context.channel_id
    if place is None:
        await require_everybody(connection, context, "Not kept")
    else:
        await require_audience(connection, context, place, "Not kept")
    with as_failed_call():
        await add_passage(
            connection, actor, actor.user_id, arguments.content, arguments.tags, place
        )
    return "Stored." if place is None else "Stored for the readers of this place alone."


UPDATE_MEMORY = Tool(
    "update_memory",
    "Replaces what one memory block holds. Others read shared blocks, too. In a private channel or"
    " DM it writes a private note instead, which is there for its readers alone.",
    UpdateMemory,
    update,
)
SEARCH_MEMORY = Tool(
    "search_memory",
    "Looks for what you have stored in your archive; answers JSON, one passage per line.",
    SearchMemory,
    look_up,
    has_effect=False,
)
STORE_MEMORY = Tool(
    "store_memory", "Adds a passage to your archive, for when it is needed.", StoreMemory, store
)
