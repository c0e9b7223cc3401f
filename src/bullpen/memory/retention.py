"""Removes old versions of memory blocks and private notes."""

from bullpen.kit.database import Database
from bullpen.kit.sql import change

# The rule that versions are only ever added has this one exception.
TRIMMING = "SELECT set_config('bullpen.trimming', 'on', true)"
VERSIONS = """
DELETE FROM {table} v USING (
    SELECT {owner}, max(version) AS newest FROM {table} GROUP BY {owner}
) kept WHERE v.{owner} = kept.{owner} AND v.version <= kept.newest - $1
"""
OF_BLOCKS = VERSIONS.format(table="memory_block_versions", owner="block_id")
OF_NOTES = VERSIONS.format(table="private_note_versions", owner="note_id")


async def trim_versions(database: Database, number: int) -> int:
    """But for the newest of each block and private note. How many it removed."""
    removed = 0
    async with database.transaction() as connection:
        await connection.execute(TRIMMING)
        for statement in (OF_BLOCKS, OF_NOTES):
            removed += await change(connection, statement, number)
    return removed
