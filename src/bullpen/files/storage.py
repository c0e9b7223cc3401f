"""Where the content of files is: rows of Postgres, each with a portion of one file.

So a backup of the database has the files, and any number of hosts can serve them. Content is
written and read in portions, never as a whole. Only this module knows how it is kept.
"""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from bullpen.kit.database import Database, Reader
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict, NotFound

# What one row holds.
CHUNK = 256 * 1024
# What is read at once: a client that is slow to read costs the server that much.
PORTION = 64 * 1024
# Of the connections of a process, so that some are left for messages.
WRITES_AT_ONCE = 2
READS_AT_ONCE = 3

# Not waiting for the disk: the transaction that completes the file waits for all before it.
WRITE = """
WITH unhurried AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
touched AS (
    UPDATE files SET touched_at = clock_timestamp() FROM unhurried
    WHERE id = $1 AND attempt = $2 AND completed_at IS NULL RETURNING id
)
INSERT INTO file_chunks (file_id, place, content) SELECT id, $3, $4 FROM touched RETURNING 1
"""
# `$2` the chunk, `$3` the first byte of it, counted from 1, and `$4` how many.
READ = """
SELECT substring(content FROM $3 FOR $4) FROM file_chunks WHERE file_id = $1 AND place = $2
"""
EMPTY = """
DELETE FROM file_chunks USING files f
WHERE file_id = $1 AND f.id = file_id AND f.attempt = $2 AND f.completed_at IS NULL
"""
REPLACED = "Another upload of the same file has replaced this one."


async def read_part(reader: Reader, file_id: UUID, start: int, end: int) -> bytes:
    """The bytes from `start` to before `end`, at once. The caller has checked who may read them."""
    parts = []
    while start < end:
        place, within = divmod(start, CHUNK)
        length = min(CHUNK - within, end - start)
        rows = await reader.fetch(READ, file_id, place, within + 1, length)
        if not rows or len(rows[0][0]) != length:
            raise NotFound(ErrorCode.FILE_NOT_FOUND)
        parts.append(rows[0][0])
        start += length
    return b"".join(parts)


class FileStorage:
    """The content of files, of one process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writing = asyncio.Semaphore(WRITES_AT_ONCE)
        # Pictures are read as a whole, so one after the other.
        self.inspecting = asyncio.Semaphore(1)
        self._reading = asyncio.Semaphore(READS_AT_ONCE)

    async def write(self, file_id: UUID, attempt: UUID, place: int, content: bytes) -> None:
        """`place`: the number of the chunk, from 0."""
        async with self._writing, self._database.transaction() as connection:
            written = await connection.fetchval(WRITE, file_id, attempt, place, content)
        if written is None:
            raise Conflict(ErrorCode.CHANGED_MEANWHILE, REPLACED)

    async def empty(self, file_id: UUID, attempt: UUID) -> None:
        """Removes what was written of an unfinished file, to write it anew."""
        async with self._database.transaction() as connection:
            await connection.execute(EMPTY, file_id, attempt)

    async def read(self, file_id: UUID, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` to before `end`. The caller has checked who may read them."""
        at = start
        while at < end:
            place, within = divmod(at, CHUNK)
            length = min(PORTION, CHUNK - within, end - at)
            async with self._reading:
                rows = await self._database.fetch(READ, file_id, place, within + 1, length)
            if not rows or len(rows[0][0]) != length:
                raise NotFound(ErrorCode.FILE_NOT_FOUND)
            yield rows[0][0]
            at += length
