"""Marks a place while it is being restored: one whose restore was killed is not served."""

from asyncpg import Connection

from bullpen.kit.errors import StartupError

TABLE = "bullpen_restore"
MARK = (
    f"CREATE TABLE IF NOT EXISTS {TABLE} (file text NOT NULL)",
    f"TRUNCATE {TABLE}",
)
IS_MARKED = f"SELECT to_regclass('{TABLE}') IS NOT NULL"


async def mark(connection: Connection, file: str) -> None:
    for statement in MARK:
        await connection.execute(statement)
    await connection.execute(f"INSERT INTO {TABLE} VALUES ($1)", file)


async def unmark(connection: Connection) -> None:
    await connection.execute(f"DROP TABLE IF EXISTS {TABLE}")


async def is_marked(connection: Connection) -> bool:
    return bool(await connection.fetchval(IS_MARKED))


async def require_whole(connection: Connection) -> None:
    if await is_marked(connection):
        file = await connection.fetchval(f"SELECT file FROM {TABLE}")
        raise StartupError(
            f"the restore of {file} has not finished, so there is no whole workspace here:"
            f" if it is not running any more, run 'bullpen restore {file}' again"
        )
