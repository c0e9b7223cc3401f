"""Puts an agent's memory back as it was, with the history that a file has of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Connection

from bullpen.kit.ids import new_id

# Versions are only ever added. The one that the database adds by itself is replaced by its history.
TRIMMING = "SELECT set_config('bullpen.trimming', $1, true)"
BLOCK = """
INSERT INTO memory_blocks (id, agent_id, label, content, is_shared, updated_at)
VALUES ($1, $2, $3, $4, $5, $6)
"""
NOTE = """
INSERT INTO private_notes (id, agent_id, label, channel_id, content, version, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
DROP_VERSIONS = "DELETE FROM memory_block_versions WHERE block_id = $1"
DROP_NOTE_VERSIONS = "DELETE FROM private_note_versions WHERE note_id = $1"
VERSIONS = """
INSERT INTO memory_block_versions (block_id, version, content, created_at, user_id)
SELECT $1, v.version, v.content, v.created_at, (SELECT id FROM users WHERE id = v.user_id)
FROM unnest($2::int[], $3::text[], $4::timestamptz[], $5::text[])
    AS v (version, content, created_at, user_id)
"""
NOTE_VERSIONS = """
INSERT INTO private_note_versions (note_id, version, content, created_at, user_id)
SELECT $1, v.version, v.content, v.created_at, (SELECT id FROM users WHERE id = v.user_id)
FROM unnest($2::int[], $3::text[], $4::timestamptz[], $5::text[])
    AS v (version, content, created_at, user_id)
"""
LINK = """
INSERT INTO shared_block_links (id, block_id, agent_id)
SELECT $1, b.id, $4 FROM memory_blocks b
WHERE b.agent_id = $2 AND b.label = $3 AND b.is_shared AND b.agent_id <> $4
    AND EXISTS (SELECT FROM agents WHERE id = $4)
ON CONFLICT DO NOTHING RETURNING 1
"""
PASSAGE = """
INSERT INTO archival_passages (id, agent_id, content, tags, created_at) VALUES ($1, $2, $3, $4, $5)
"""
PLACE = "INSERT INTO passage_places (passage_id, channel_id) VALUES ($1, $2)"
TAKEN = """
SELECT EXISTS (SELECT FROM memory_blocks WHERE id = $1)
    OR EXISTS (SELECT FROM private_notes WHERE id = $1)
    OR EXISTS (SELECT FROM archival_passages WHERE id = $1)
"""


class Version(NamedTuple):
    version: int
    content: str
    created_at: datetime
    user_id: str | None


class Text(NamedTuple):
    """A block or note; the last version is its content."""

    id: UUID | None
    agent_id: str
    label: str
    versions: Sequence[Version]
    updated_at: datetime | None


async def free_id(connection: Connection, wanted: UUID | None) -> UUID:
    """The wanted one, unless something has it."""
    if wanted is None or await connection.fetchval(TAKEN, wanted):
        return new_id()
    return wanted


def columns(versions: Sequence[Version]) -> list[list[object]]:
    return [list(column) for column in zip(*versions, strict=True)]


async def restore_block(connection: Connection, block: Text, *, is_shared: bool) -> None:
    block_id = await free_id(connection, block.id)
    last = block.versions[-1]
    at = block.updated_at or last.created_at
    await connection.execute(
        BLOCK, block_id, block.agent_id, block.label, last.content, is_shared, at
    )
    await connection.execute(TRIMMING, "on")
    await connection.execute(DROP_VERSIONS, block_id)
    await connection.execute(TRIMMING, "off")
    await connection.execute(VERSIONS, block_id, *columns(block.versions))


async def restore_note(connection: Connection, note: Text, channel_id: str) -> None:
    note_id = await free_id(connection, note.id)
    last = note.versions[-1]
    at = note.updated_at or last.created_at
    values = (note.agent_id, note.label, channel_id, last.content, last.version, at)
    await connection.execute(NOTE, note_id, *values)
    await connection.execute(TRIMMING, "on")
    await connection.execute(DROP_NOTE_VERSIONS, note_id)
    await connection.execute(TRIMMING, "off")
    await connection.execute(NOTE_VERSIONS, note_id, *columns(note.versions))


async def link_block(connection: Connection, owner_id: str, label: str, agent_id: str) -> bool:
    """False where there is no such shared block, or no such agent."""
    return await connection.fetchval(LINK, new_id(), owner_id, label, agent_id) is not None


async def restore_passage(  # noqa: PLR0913 - each by its name
    connection: Connection,
    agent_id: str,
    *,
    passage_id: UUID | None,
    content: str,
    tags: Sequence[str],
    created_at: datetime,
    channel_id: str | None,
) -> None:
    written = await free_id(connection, passage_id)
    await connection.execute(PASSAGE, written, agent_id, content, list(tags) or None, created_at)
    if channel_id is not None:
        await connection.execute(PLACE, written, channel_id)
