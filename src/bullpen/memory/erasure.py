"""Who edited memory: the versions stay, and name somebody else."""

from asyncpg import Connection

# The rule that versions never change has this exception.
ERASING = "SELECT set_config('bullpen.erasing', 'on', true)"
STATEMENTS = (
    "UPDATE memory_block_versions SET user_id = $2 WHERE user_id = $1",
    "UPDATE private_note_versions SET user_id = $2 WHERE user_id = $1",
)


async def hand_over_versions(connection: Connection, user_id: str, other_id: str) -> None:
    await connection.execute(ERASING)
    for statement in STATEMENTS:
        await connection.execute(statement, user_id, other_id)
