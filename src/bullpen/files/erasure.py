"""What becomes of the files of a person who is erased."""

from asyncpg import Connection

A_DAY = 24 * 3600


async def delete_files_of(connection: Connection, user_id: str, *, attached: bool) -> None:
    """Those that no message has; with `attached`, all others as well."""
    await connection.execute(
        "DELETE FROM files WHERE user_id = $1 AND ($2 OR message_id IS NULL)",
        user_id,
        attached,
        timeout=A_DAY,
    )


async def hand_over_files(connection: Connection, user_id: str, other_id: str) -> None:
    """From now on, another user is their uploader."""
    await connection.execute(
        "UPDATE files SET user_id = $2 WHERE user_id = $1", user_id, other_id, timeout=A_DAY
    )
