"""Where the content of files is: rows of Postgres or, if one is set up, a bucket.

In Postgres a backup of the database has the files, and any number of hosts can serve them. Content
is written and read in portions, never as a whole, in both places. Only this module knows how it is
kept: for a file in the bucket, `file_objects` names the folder of its objects.
"""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from bullpen.files.bucket import connected, needed
from bullpen.kit.database import Database, Reader, fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict, NotFound

# What one row holds, and one object. Files that are stored were cut so: never change these.
CHUNK = 256 * 1024
OBJECT = 1024 * 1024
# What is read at once: a client that is slow to read costs the server that much.
PORTION = 64 * 1024
# Of the connections of a process, so that some are left for messages.
WRITES_AT_ONCE = 2
READS_AT_ONCE = 3
# Requests to the bucket, which each hold one object in memory.
REQUESTS_AT_ONCE = 16
# How much of the beginning of a text in a bucket the database has as well: prompts show it.
BEGINNING = 4096

# Not waiting for the disk: the transaction that completes the file waits for all before it.
WRITE = """
WITH unhurried AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
touched AS (
    UPDATE files SET touched_at = clock_timestamp() FROM unhurried
    WHERE id = $1 AND attempt = $2 AND completed_at IS NULL RETURNING id
)
INSERT INTO file_chunks (file_id, place, content) SELECT id, $3, $4 FROM touched RETURNING 1
"""
TOUCHED = """
UPDATE files SET touched_at = clock_timestamp()
WHERE id = $1 AND attempt = $2 AND completed_at IS NULL RETURNING 1
"""
# `$2` the chunk, `$3` the first byte of it, counted from 1, and `$4` how many.
READ = """
SELECT substring(content FROM $3 FOR $4) FROM file_chunks WHERE file_id = $1 AND place = $2
"""
EMPTY = """
DELETE FROM file_chunks USING files f
WHERE file_id = $1 AND f.id = file_id AND f.attempt = $2 AND f.completed_at IS NULL
"""
WHERE = """
SELECT o.folder FROM files f LEFT JOIN file_objects o ON o.file_id = f.id WHERE f.id = $1
"""
REPLACED = "Another upload of the same file has replaced this one."


async def read_part(reader: Reader, file_id: UUID, start: int, end: int) -> bytes:
    """The bytes from `start` to before `end`, at once. The caller has checked who may read them."""
    folder = await folder_of(reader, file_id)
    parts = []
    while start < end:
        part = await read_some(reader, file_id, folder, start, end)
        parts.append(part)
        start += len(part)
    return b"".join(parts)


async def folder_of(reader: Reader, file_id: UUID) -> str | None:
    row = await fetch_one(reader, WHERE, file_id)
    if row is None:
        raise NotFound(ErrorCode.FILE_NOT_FOUND)
    folder: str | None = row[0]
    return folder


async def read_some(
    reader: Reader, file_id: UUID, folder: str | None, start: int, end: int
) -> bytes:
    """From `start` to the end of the chunk or object at most."""
    portion = CHUNK if folder is None else OBJECT
    place, within = divmod(start, portion)
    length = min(portion - within, end - start)
    if folder is None:
        rows = await reader.fetch(READ, file_id, place, within + 1, length)
        content: bytes = rows[0][0] if rows else b""
    else:
        content = await needed().get(f"{folder}/{place}", within, within + length)
    if len(content) != length:
        raise NotFound(ErrorCode.FILE_NOT_FOUND)
    return content


def new_folder(file_id: UUID, attempt: UUID) -> str | None:
    """Of a file that begins now; None: its content goes to Postgres."""
    return None if connected() is None else f"{file_id}/{attempt}"


class FileStorage:
    """The content of files, of one process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writing = asyncio.Semaphore(WRITES_AT_ONCE)
        # Pictures are read as a whole, so one after the other.
        self.inspecting = asyncio.Semaphore(1)
        self._reading = asyncio.Semaphore(READS_AT_ONCE)
        self._requesting = asyncio.Semaphore(REQUESTS_AT_ONCE)

    async def write(
        self, file_id: UUID, attempt: UUID, folder: str | None, place: int, content: bytes
    ) -> None:
        """`place`: the number of the chunk or object, from 0. All but the last one are full."""
        if folder is None:
            async with self._writing, self._database.transaction() as connection:
                written = await connection.fetchval(WRITE, file_id, attempt, place, content)
        else:
            async with self._writing:
                written = await self._database.write(TOUCHED, file_id, attempt)
        if not written:
            raise Conflict(ErrorCode.CHANGED_MEANWHILE, REPLACED)
        if folder is not None:
            async with self._requesting:
                await needed().put(f"{folder}/{place}", content)

    async def empty(self, file_id: UUID, attempt: UUID, folder: str | None) -> None:
        """Removes what was written of an unfinished file, to write it anew."""
        if folder is not None:
            await needed().remove(folder)
            return
        async with self._database.transaction() as connection:
            await connection.execute(EMPTY, file_id, attempt)

    async def read(self, file_id: UUID, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` to before `end`. The caller has checked who may read them."""
        folder = await folder_of(self._database, file_id)
        limit = self._reading if folder is None else self._requesting
        at = start
        while at < end:
            async with limit:
                part = await read_some(self._database, file_id, folder, at, min(at + PORTION, end))
            yield part
            at += len(part)
