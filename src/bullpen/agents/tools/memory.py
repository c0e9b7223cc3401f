"""update_memory, search_memory, store_memory."""

from typing import Annotated

from asyncpg import Connection
from pydantic import Field

from bullpen.agents import fence
from bullpen.agents.calls import told_to_the_model
from bullpen.agents.runtime import Tool, ToolContext, ToolProblem
from bullpen.agents.tools.arguments import Arguments, Query, Text
from bullpen.kit.errors import Conflict
from bullpen.memory.actions import Write, write_block
from bullpen.memory.archive import Search, add_passage, search_archive
from bullpen.memory.blocks import find_block
from bullpen.memory.limits import LONGEST_BLOCK, LONGEST_PASSAGE, LONGEST_TAG, MOST_TAGS

LONGEST_FOUND = 2_000

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
    write = Write(arguments.content, version=arguments.version, run_id=context.run_id)
    actor = context.actor
    with told_to_the_model():
        try:
            block = await write_block(connection, actor, actor.user_id, arguments.label, write)
        except Conflict as problem:
            now = await find_block(connection, actor, actor.user_id, arguments.label)
            if now is None:
                raise ToolProblem("There is no such block: give version 0 to begin one.") from None
            raise ToolProblem(
                f"{problem.message} It is at version {now.version} and holds:\n"
                f"{fence.quoted(now.content)}"
            ) from None
    return f"Done. '{block.label}' is at version {block.version}."


class SearchMemory(Arguments):
    query: Annotated[Query, Field(description='Words, "a phrase", -not, begin*.')]
    tags: Annotated[Tags, Field(description="Only what has all of these.")] = []
    limit: Annotated[int, Field(ge=1, le=20)] = 5


async def look_up(connection: Connection, context: ToolContext, arguments: SearchMemory) -> str:
    wanted = Search(arguments.query, arguments.tags, limit=arguments.limit)
    with told_to_the_model():
        found = await search_archive(connection, context.actor, context.actor.user_id, wanted)
    return (
        "\n".join(
            fence.line(
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


class StoreMemory(Arguments):
    content: Annotated[Text, Field(min_length=1, max_length=LONGEST_PASSAGE)]
    tags: Annotated[Tags, Field(description="A few words to find it by.")] = []


async def store(connection: Connection, context: ToolContext, arguments: StoreMemory) -> str:
    actor = context.actor
    with told_to_the_model():
        await add_passage(connection, actor, actor.user_id, arguments.content, arguments.tags)
    return "Stored."


UPDATE_MEMORY = Tool(
    "update_memory",
    "Replaces what one memory block holds. Others read shared blocks, too.",
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
