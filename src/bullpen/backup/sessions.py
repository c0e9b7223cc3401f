"""What lets somebody in: not restored unless it is asked for."""

import secrets

from asyncpg import Connection

from bullpen.backup import catalog

# Rows of these tables are not restored; a table that does not exist does no harm here.
TABLES = (
    "sessions",
    "links",
)
KEY_BYTES = 32


async def end(connection: Connection) -> None:
    """By deleting, so that the database's own rules decide about rows that name them."""
    for table in await catalog.tables(connection, TABLES):
        await connection.execute(f"DELETE FROM {catalog.quoted(table.name)}")
    await connection.execute(
        "UPDATE workspace SET session_key = $1", secrets.token_bytes(KEY_BYTES)
    )
