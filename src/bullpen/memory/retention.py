"""Removes old versions of memory blocks."""

from bullpen.kit.database import Database

# The rule that versions are only ever added has this one exception.
TRIMMING = "SELECT set_config('bullpen.trimming', 'on', true)"
VERSIONS = """
WITH gone AS (
    DELETE FROM memory_block_versions v USING (
        SELECT block_id, max(version) AS newest FROM memory_block_versions GROUP BY block_id
    ) kept WHERE v.block_id = kept.block_id AND v.version <= kept.newest - $1 RETURNING 1
) SELECT count(*) FROM gone
"""


async def trim_versions(database: Database, number: int) -> int:
    """But for the newest of each block. How many it removed."""
    async with database.transaction() as connection:
        await connection.execute(TRIMMING)
        removed: int = await connection.fetchval(VERSIONS, number)
    return removed
