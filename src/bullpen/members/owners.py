"""A workspace always has an active owner."""

from asyncpg import Connection

from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict

FIRST = """
SELECT COALESCE(
    (SELECT id FROM people WHERE role = 'owner' AND is_active ORDER BY created_at, id LIMIT 1),
    (SELECT default_user_id FROM workspace)
)
"""
# Locked, so that two owners who leave at once do not each count on the other.
OWNERS = "SELECT id FROM people WHERE role = 'owner' AND is_active ORDER BY id FOR UPDATE"


async def require_other_owner(connection: Connection, person_id: str) -> None:
    """For a person who will be inactive, or have another role, when the transaction ends."""
    owners = [row[0] for row in await connection.fetch(OWNERS)]
    if owners == [person_id]:
        raise Conflict(
            ErrorCode.LAST_OWNER,
            f"'{person_id}' is the only owner. Make somebody else an owner first.",
        )


async def first_owner(connection: Connection) -> str | None:
    """For commands, which nobody has signed in for. In demo mode, whom everybody begins as."""
    found: str | None = await connection.fetchval(FIRST)
    return found
