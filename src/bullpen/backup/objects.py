"""What a copy of a workspace may do with the objects of its files in a bucket: read them."""

from asyncpg import Connection

HAS_BUCKET = "SELECT to_regclass('removed_objects') IS NOT NULL"
SHARE = "UPDATE file_objects SET is_shared = true"
FORGET = "DELETE FROM removed_objects"


async def share(connection: Connection) -> None:
    """The database that the copy was made of may go on, and needs them."""
    if await connection.fetchval(HAS_BUCKET):
        await connection.execute(SHARE)
        await connection.execute(FORGET)
