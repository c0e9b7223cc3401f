"""Reads of memory blocks and their versions. An agent's label is its own block's, else a shared
one's that it is linked to. Members of the workspace may read what its agents remember."""

from typing import Annotated, Any
from uuid import UUID

from asyncpg import Record
from msgspec import Meta, Struct

from bullpen.kit.database import Reader
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.kit.json_types import CreatedAt, UpdatedAt
from bullpen.members.actor import Actor
from bullpen.members.conditions import require_reading
from bullpen.members.queries import get_agent
from bullpen.memory.limits import LONGEST_BLOCK


class MemoryBlock(Struct, rename="camel"):
    """A short text that is part of every prompt of an agent and that the agent can edit."""

    id: Annotated[UUID, Meta(description="Id of the block.")]
    agent_id: Annotated[str, Meta(description="Id of the agent that owns it.")]
    label: Annotated[str, Meta(description="Its name, unique for the agent.")]
    content: Annotated[str, Meta(description="The text of the block.")]
    is_shared: Annotated[bool, Meta(description="Whether it can be shared with other agents.")]
    updated_at: UpdatedAt
    version: Annotated[int, Meta(description="Number of its current version.")]
    shared_with: Annotated[
        list[str], Meta(description="Ids of the other agents that share it, in order of linking.")
    ]
    limit: Annotated[int, Meta(description="Maximum length, in characters.")]
    remaining: Annotated[int, Meta(description="How many more characters fit.")]


class BlockVersion(Struct, rename="camel"):
    """An earlier or the current content of a memory block or private note."""

    version: Annotated[int, Meta(description="1 for the first version.")]
    content: Annotated[str, Meta(description="The text of this version.")]
    created_at: CreatedAt
    user_id: Annotated[
        str | None, Meta(description="Id of its author; null if it came with a pack or by SQL.")
    ]
    run_id: Annotated[UUID | None, Meta(description="Id of the run that wrote it, if any.")]


class Versions(Struct, rename="camel"):
    """One page of versions."""

    versions: Annotated[list[BlockVersion], Meta(description="Newest first.")]
    next_cursor: Annotated[
        int | None, Meta(description="Pass as `before` for older versions. Null on the last page.")
    ]


BLOCKS = """
SELECT b.id, b.agent_id, b.label, b.content, b.is_shared, b.updated_at,
       COALESCE((SELECT max(v.version) FROM memory_block_versions v WHERE v.block_id = b.id), 0),
       ARRAY(SELECT l.agent_id FROM shared_block_links l WHERE l.block_id = b.id ORDER BY l.id)
FROM memory_blocks b
WHERE (b.agent_id = $1 OR EXISTS (
          SELECT FROM shared_block_links mine WHERE mine.block_id = b.id AND mine.agent_id = $1))
  AND ($2::text IS NULL OR b.label = $2)
ORDER BY b.agent_id <> $1, b.label, b.id
"""

VERSIONS = """
SELECT version, content, created_at, user_id, run_id FROM memory_block_versions
WHERE block_id = $1 AND ($2::int IS NULL OR version < $2)
ORDER BY version DESC LIMIT $3
"""


def block(row: Record) -> MemoryBlock:
    values: list[Any] = [*row, LONGEST_BLOCK, LONGEST_BLOCK - len(row["content"])]
    return MemoryBlock(*values)


async def list_blocks(reader: Reader, actor: Actor, agent_id: str) -> list[MemoryBlock]:
    """Own ones, then linked shared ones."""
    await require_reading(reader, actor, agent_id)
    rows = await reader.fetch(BLOCKS, agent_id, None)
    if not rows:
        await get_agent(reader, actor, agent_id)
    return [block(row) for row in rows]


async def find_block(reader: Reader, _: Actor, agent_id: str, label: str) -> MemoryBlock | None:
    rows = await reader.fetch(BLOCKS, agent_id, label)
    return block(rows[0]) if rows else None


async def get_block(reader: Reader, actor: Actor, agent_id: str, label: str) -> MemoryBlock:
    found = await find_block(reader, actor, agent_id, label)
    if found is None:
        raise NotFound(ErrorCode.MEMORY_BLOCK_NOT_FOUND)
    return found


async def list_versions(
    reader: Reader, actor: Actor, agent_id: str, label: str, *, before: int | None, limit: int
) -> Versions:
    """Newest first; `before` is the number of the last one seen."""
    await require_reading(reader, actor, agent_id)
    found = await get_block(reader, actor, agent_id, label)
    rows = await reader.fetch(VERSIONS, found.id, before, limit + 1)
    versions = [BlockVersion(*row) for row in rows[:limit]]
    return Versions(versions, versions[-1].version if len(rows) > limit else None)
