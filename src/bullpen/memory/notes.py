"""Private notes: what an agent noted in a private channel or DM, for that place's readers alone.

A note is the companion of the agent's block with the same label, which stays as everybody reads it.
Of a shared block, the note belongs to the block's owner and is read by all who share it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any
from uuid import UUID

import msgspec
from asyncpg import Connection, Record
from msgspec import Meta, Struct

from bullpen.events.actions import Event, append
from bullpen.kit.database import Reader
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict, Forbidden, Invalid, NotFound
from bullpen.kit.ids import new_id
from bullpen.kit.json_types import UpdatedAt
from bullpen.members.access import readable_by
from bullpen.members.actions import keep_channel, require_membership
from bullpen.members.actor import Actor
from bullpen.members.conditions import require_for, require_reading
from bullpen.members.permissions import Permission
from bullpen.members.queries import get_agent, get_channel
from bullpen.members.readers import Readers, only
from bullpen.memory.actions import LOCK_AGENT, WRITER, Write, require_size
from bullpen.memory.blocks import BlockVersion, Versions, find_block
from bullpen.memory.limits import LONGEST_BLOCK


@dataclass(frozen=True, slots=True)
class Address:
    agent_id: str
    channel_id: str
    label: str


class PrivateNote(Struct, rename="camel"):
    """What an agent remembers from a private channel or DM. Only its readers can see it."""

    id: Annotated[UUID, Meta(description="Id of the note.")]
    agent_id: Annotated[
        str, Meta(description="Id of the agent; for a note on a shared block, of its owner.")
    ]
    channel_id: Annotated[
        str, Meta(description="Id of the private channel or DM whose readers can see it.")
    ]
    label: Annotated[str, Meta(description="Label of the memory block that it adds to.")]
    content: Annotated[str, Meta(description="The text of the note.")]
    version: Annotated[int, Meta(description="Number of its current version.")]
    updated_at: UpdatedAt
    limit: Annotated[int, Meta(description="Maximum length, in characters.")]
    remaining: Annotated[int, Meta(description="How many more characters fit.")]


NOTES = f"""
SELECT n.id, n.agent_id, n.channel_id, n.label, n.content, n.version, n.updated_at
FROM private_notes n
WHERE (n.agent_id = $1 OR EXISTS (
          SELECT FROM memory_blocks b JOIN shared_block_links mine ON mine.block_id = b.id
          WHERE b.agent_id = n.agent_id AND b.label = n.label AND mine.agent_id = $1))
  AND {readable_by("n.channel_id", "$2::text[]")}
  AND ($3::text IS NULL OR n.channel_id = $3) AND ($4::text IS NULL OR n.label = $4)
ORDER BY n.agent_id <> $1, n.channel_id, n.label, n.id
"""
# Where the agent has notes that these readers may not all read.
ELSEWHERE = f"""
SELECT DISTINCT n.channel_id FROM private_notes n
WHERE n.agent_id = $1 AND NOT {readable_by("n.channel_id", "$2::text[]")} ORDER BY 1
"""
VERSIONS = """
SELECT version, content, created_at, user_id, run_id FROM private_note_versions
WHERE note_id = $1 AND ($2::int IS NULL OR version < $2)
ORDER BY version DESC LIMIT $3
"""
INSERT = """
INSERT INTO private_notes (id, agent_id, label, channel_id, content) VALUES ($1, $2, $3, $4, $5)
"""
CHANGE = """
UPDATE private_notes SET content = $2, version = version + 1, updated_at = now()
WHERE id = $1 AND content <> $2
"""
ALL_READ = "SELECT readable_by($1, $2)"


def note(row: Record) -> PrivateNote:
    values: list[Any] = [*row, LONGEST_BLOCK, LONGEST_BLOCK - len(row["content"])]
    return PrivateNote(*values)


async def list_notes(
    reader: Reader, actor: Actor, agent_id: str, readers: Readers | None = None
) -> list[PrivateNote]:
    """Those that the actor may read; with readers, those that all of them may read."""
    await require_reading(reader, actor, agent_id)
    readers = readers or only(actor)
    rows = await reader.fetch(NOTES, agent_id, readers.user_ids, None, None)
    if not rows:
        await get_agent(reader, actor, agent_id)
    return [note(row) for row in rows]


async def places_of_other_notes(reader: Reader, agent_id: str, readers: Readers) -> list[str]:
    return [row[0] for row in await reader.fetch(ELSEWHERE, agent_id, readers.user_ids)]


async def find_note(reader: Reader, actor: Actor, at: Address) -> PrivateNote | None:
    rows = await reader.fetch(NOTES, at.agent_id, [actor.user_id], at.channel_id, at.label)
    return note(rows[0]) if rows else None


async def get_note(reader: Reader, actor: Actor, at: Address) -> PrivateNote:
    found = await find_note(reader, actor, at)
    if found is None:
        raise NotFound(ErrorCode.PRIVATE_NOTE_NOT_FOUND)
    return found


async def list_note_versions(
    reader: Reader,
    actor: Actor,
    at: Address,
    *,
    before: int | None,
    limit: int,
) -> Versions:
    """Newest first; `before` is the number of the last one seen."""
    await require_reading(reader, actor, at.agent_id)
    found = await get_note(reader, actor, at)
    rows = await reader.fetch(VERSIONS, found.id, before, limit + 1)
    versions = [BlockVersion(*row) for row in rows[:limit]]
    return Versions(versions, versions[-1].version if len(rows) > limit else None)


async def write_note(
    connection: Connection, actor: Actor, at: Address, write: Write
) -> PrivateNote:
    """The actor is a member of the place: a person, or the agent itself in a run there."""
    require_size(write.content)
    await require_change(connection, actor, at)
    block = await find_block(connection, actor, at.agent_id, at.label)
    if block is not None:
        at = replace(at, agent_id=block.agent_id)
        await require_sharers(connection, at, [block.agent_id, *block.shared_with])
    await connection.execute(LOCK_AGENT, at.agent_id)
    found = await find_note(connection, actor, at)
    if write.version is not None:
        # A model that begins a note has read the block, and may give the block's version.
        begins = {0, 0 if block is None else block.version}
        if write.version not in ({found.version} if found else begins):
            raise changed_meanwhile(found)
    run_id = str(write.run_id) if write.run_id else ""
    await connection.execute(WRITER, actor.user_id, run_id)
    if found is None:
        await connection.execute(
            INSERT, new_id(), at.agent_id, at.label, at.channel_id, write.content
        )
    else:
        await connection.execute(CHANGE, found.id, write.content)
    written = await get_note(connection, actor, at)
    await append(connection, changed(written))
    return written


async def restore_note(
    connection: Connection, actor: Actor, at: Address, version: int
) -> PrivateNote:
    """As a new version."""
    await require_change(connection, actor, at)
    found = await get_note(connection, actor, at)
    content: str | None = await connection.fetchval(
        "SELECT content FROM private_note_versions WHERE note_id = $1 AND version = $2",
        found.id,
        version,
    )
    if content is None:
        raise NotFound(ErrorCode.VERSION_NOT_FOUND, f"'{at.label}' has no version {version}.")
    return await write_note(connection, actor, at, Write(content))


async def delete_note(connection: Connection, actor: Actor, at: Address) -> PrivateNote:
    """With all its versions; answers what it was."""
    await require_change(connection, actor, at)
    found = await get_note(connection, actor, at)
    await connection.execute("DELETE FROM private_notes WHERE id = $1", found.id)
    await append(connection, changed(found))
    return found


async def require_change(connection: Connection, actor: Actor, at: Address) -> None:
    """Before a note is looked for: a refusal does not reveal whether it is there."""
    await require_private_place(connection, actor, at.channel_id)
    await get_agent(connection, actor, at.agent_id)
    await require_for(connection, actor, Permission.EDIT_MEMORY, agent_id=at.agent_id)


async def require_private_place(connection: Connection, actor: Actor, channel_id: str) -> None:
    await keep_channel(connection, channel_id)
    channel = await get_channel(connection, actor, channel_id)
    if channel.kind == "public":
        raise Invalid(
            ErrorCode.CHANNEL_NOT_PRIVATE,
            f"'{channel_id}' is public, so it has no private notes. Edit the memory block instead.",
        )
    await require_membership(connection, actor, channel_id)


async def require_sharers(connection: Connection, at: Address, agent_ids: Sequence[str]) -> None:
    if not await connection.fetchval(ALL_READ, at.channel_id, list(agent_ids)):
        raise Forbidden(
            ErrorCode.SHARED_TOO_WIDELY,
            f"'{at.label}' is shared with agents that cannot read this channel. Use a block that"
            " only its readers share, or one that is not shared.",
        )


def changed_meanwhile(current: PrivateNote | None) -> Conflict:
    details = {"current": None if current is None else msgspec.to_builtins(current)}
    return Conflict(
        ErrorCode.CHANGED_MEANWHILE,
        "Someone else changed this private note since you read it.",
        details,
    )


def changed(written: PrivateNote) -> Event:
    """Only the readers of the place hear of it: the label alone may say something."""
    payload = {
        "agentId": written.agent_id,
        "label": written.label,
        "channelId": written.channel_id,
    }
    return Event("memory.changed", payload, written.channel_id)
