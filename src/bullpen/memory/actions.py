"""Writes of memory blocks, in the caller's transaction. The database keeps every version."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec
from asyncpg import Connection

from bullpen.events.actions import Event, append
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict, Forbidden, Invalid, NotFound
from bullpen.kit.ids import new_id
from bullpen.kit.sql import insert_one
from bullpen.members.actor import Actor
from bullpen.members.conditions import require_for
from bullpen.members.permissions import Permission
from bullpen.members.queries import get_agent
from bullpen.memory.blocks import MemoryBlock, find_block, get_block
from bullpen.memory.limits import LONGEST_BLOCK

# With the agent's row locked, two writers of one label come one after the other, also of a new one.
LOCK_AGENT = "SELECT FROM agents WHERE id = $1 FOR NO KEY UPDATE"
LOCK_BLOCK = "SELECT FROM memory_blocks WHERE id = $1 FOR UPDATE"
WRITER = "SELECT set_config('bullpen.user_id', $1, true), set_config('bullpen.run_id', $2, true)"
WRITE = """
UPDATE memory_blocks SET content = $2, is_shared = $3, updated_at = now()
WHERE id = $1 AND (content, is_shared) IS DISTINCT FROM ($2, $3)
"""


async def locked_block(
    connection: Connection, actor: Actor, agent_id: str, label: str
) -> MemoryBlock | None:
    await get_agent(connection, actor, agent_id)
    await require_for(connection, actor, Permission.EDIT_MEMORY, agent_id=agent_id)
    await connection.execute(LOCK_AGENT, agent_id)
    found = await find_block(connection, actor, agent_id, label)
    if found is None:
        return None
    await connection.execute(LOCK_BLOCK, found.id)
    # What it holds now that nobody else is writing it, if it is still there.
    return await find_block(connection, actor, agent_id, label)


@dataclass(frozen=True, slots=True)
class Write:
    """`version` is the one that the writer has read; without one, it overwrites."""

    content: str
    is_shared: bool | None = None
    version: int | None = None
    run_id: UUID | None = None


async def write_block(
    connection: Connection, actor: Actor, agent_id: str, label: str, write: Write
) -> MemoryBlock:
    require_size(write.content)
    found = await locked_block(connection, actor, agent_id, label)
    if write.version is not None and write.version != (found.version if found else 0):
        raise changed_meanwhile(found)
    run_id = str(write.run_id) if write.run_id else ""
    await connection.execute(WRITER, actor.user_id, run_id)
    if found is None:
        values = {"id": new_id(), "agent_id": agent_id, "label": label, "content": write.content}
        shared = bool(write.is_shared)
        await insert_one(connection, "memory_blocks", {**values, "is_shared": shared})
    else:
        shared = found.is_shared if write.is_shared is None else write.is_shared
        if shared != found.is_shared:
            require_owner(found, agent_id, "change whether it is shared")
        await connection.execute(WRITE, found.id, write.content, shared)
    return await announce(connection, actor, agent_id, label)


def require_size(content: str) -> None:
    if len(content) > LONGEST_BLOCK:
        raise Invalid(
            ErrorCode.BLOCK_TOO_LONG,
            f"This text has {len(content):,} characters. A memory block holds at most"
            f" {LONGEST_BLOCK:,}: shorten it.",
        )


async def restore_block(
    connection: Connection, actor: Actor, agent_id: str, label: str, version: int
) -> MemoryBlock:
    """As a new version, so that nothing of what came between is lost."""
    await get_agent(connection, actor, agent_id)
    await require_for(connection, actor, Permission.EDIT_MEMORY, agent_id=agent_id)
    found = await get_block(connection, actor, agent_id, label)
    content: str | None = await connection.fetchval(
        "SELECT content FROM memory_block_versions WHERE block_id = $1 AND version = $2",
        found.id,
        version,
    )
    if content is None:
        raise NotFound(ErrorCode.VERSION_NOT_FOUND, f"'{label}' has no version {version}.")
    return await write_block(connection, actor, agent_id, label, Write(content))


async def link_block(
    connection: Connection, actor: Actor, agent_id: str, label: str, agent_ids: Sequence[str]
) -> MemoryBlock:
    """Exactly these share it from now on."""
    found = await owned_block(connection, actor, agent_id, label, "choose who shares it")
    others = list(dict.fromkeys(other for other in agent_ids if other != agent_id))
    for other in others:
        await get_agent(connection, actor, other)
        if other not in found.shared_with:
            await require_for(connection, actor, Permission.EDIT_MEMORY, agent_id=other)
    await connection.execute(
        "UPDATE memory_blocks SET is_shared = true WHERE id = $1 AND NOT is_shared", found.id
    )
    await connection.execute(
        "DELETE FROM shared_block_links WHERE block_id = $1 AND agent_id <> ALL($2)",
        found.id,
        others,
    )
    for other in others:
        values = {"id": new_id(), "block_id": found.id, "agent_id": other}
        await insert_one(connection, "shared_block_links", values)
    return await announce(connection, actor, agent_id, label)


async def delete_block(
    connection: Connection, actor: Actor, agent_id: str, label: str, *, force: bool
) -> MemoryBlock:
    """With all its versions; answers what it was."""
    found = await owned_block(connection, actor, agent_id, label, "delete it")
    if found.shared_with and not force:
        names = ", ".join(found.shared_with)
        raise Conflict(
            ErrorCode.BLOCK_IS_SHARED,
            f"'{label}' is shared with {names}. Stop sharing it first, or delete it for everyone"
            " with '?force=true'.",
            {"sharedWith": found.shared_with},
        )
    await connection.execute("DELETE FROM memory_blocks WHERE id = $1", found.id)
    await append(connection, changed(found))
    return found


async def owned_block(
    connection: Connection, actor: Actor, agent_id: str, label: str, what: str
) -> MemoryBlock:
    found = await locked_block(connection, actor, agent_id, label)
    if found is None:
        raise NotFound(ErrorCode.MEMORY_BLOCK_NOT_FOUND)
    require_owner(found, agent_id, what)
    return found


def require_owner(block: MemoryBlock, agent_id: str, what: str) -> None:
    if block.agent_id != agent_id:
        raise Forbidden(
            ErrorCode.NOT_THE_OWNER,
            f"'{block.label}' belongs to '{block.agent_id}'. Open that agent to {what}.",
        )


def changed_meanwhile(current: MemoryBlock | None) -> Conflict:
    details = {"current": None if current is None else msgspec.to_builtins(current)}
    return Conflict(
        ErrorCode.CHANGED_MEANWHILE,
        "Someone else changed this memory block since you read it.",
        details,
    )


async def announce(connection: Connection, actor: Actor, agent_id: str, label: str) -> MemoryBlock:
    block = await get_block(connection, actor, agent_id, label)
    await append(connection, changed(block))
    return block


def changed(block: MemoryBlock) -> Event:
    return Event("memory.changed", {"agentId": block.agent_id, "label": block.label})
