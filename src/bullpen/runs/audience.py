"""Where a run may write: only where all readers may read what the run has read (decision 0013)."""

from uuid import UUID

from asyncpg import Connection

from bullpen.members.readers import Readers

# Nobody joins or leaves these channels until the transaction has ended. A run without sources may
# write anywhere, so it keeps nobody waiting.
KEEP = """
SELECT FROM channels WHERE id = $2 OR id IN (SELECT sources_of_run($1)) ORDER BY id FOR SHARE
"""
HAS_SOURCES = "SELECT EXISTS (SELECT FROM sources_of_run($1))"
MAY_REACH = "SELECT run_may_reach($1, $2)"


async def keep_readers(connection: Connection, run_id: UUID, channel_id: str | None) -> bool:
    """Whether the run has read anything that not everybody may read.

    Call this before taking the log lock: it waits for transactions that add or remove members.
    """
    has_sources: bool = await connection.fetchval(HAS_SOURCES, run_id)
    if has_sources:
        await connection.execute(KEEP, run_id, channel_id)
    return has_sources


async def may_reach(connection: Connection, run_id: UUID, readers: Readers) -> bool:
    reaches: bool = await connection.fetchval(MAY_REACH, run_id, readers.user_ids)
    return reaches
