"""No member, channel or user group goes by a name that could be taken for another's."""

from collections.abc import Sequence
from typing import Literal

from asyncpg import Connection

from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict
from bullpen.kit.folding import name_keys

# What people write after an `@` or as an author without meaning anybody.
RESERVED = frozenset(
    {
        *("all", "anybody", "anyone", "channel", "everybody", "everyone", "group", "here"),
        *("bullpen", "me", "nobody", "null", "self", "system", "undefined", "you"),
    }
)

# Any constant will do that nothing else on the same database locks.
NAMES_LOCK = 0x6E616D6573
OTHERS = {
    "member": """
        SELECT id, display_name FROM users WHERE is_active AND id <> $1
        UNION ALL SELECT handle, handle FROM user_groups
    """,
    "channel": "SELECT name FROM channels WHERE kind IN ('public', 'private') AND id <> $1",
    # A first name would not mean its owner any more. Who is inactive may come back with their id.
    "group": """
        SELECT id, CASE WHEN is_active THEN display_name ELSE id END,
               CASE WHEN is_active THEN split_part(display_name, ' ', 1) ELSE id END FROM users
        UNION ALL SELECT handle, handle, handle FROM user_groups WHERE id::text <> $1
    """,
}
WHAT = {
    "member": "A member or user group",
    "channel": "A channel",
    "group": "A member or user group",
}


def is_reserved(name: str) -> bool:
    return not RESERVED.isdisjoint(name_keys(name))


async def lock_names(connection: Connection) -> None:
    """Other transactions that take names or ids wait until this one has ended."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", NAMES_LOCK)


async def require_free_names(
    connection: Connection,
    kind: Literal["member", "channel", "group"],
    owner_id: str,
    names: Sequence[str],
) -> None:
    """Raises `Conflict` where one is taken. DMs go by no name."""
    await lock_names(connection)
    rows = await connection.fetch(OTHERS[kind], owner_id)
    taken = {key for row in rows for name in row for key in name_keys(name)}
    for name in names:
        if not taken.isdisjoint(name_keys(name)):
            raise Conflict(
                ErrorCode.NAME_TAKEN,
                f"{WHAT[kind]} named '{name}', or with a name that looks the same, already exists."
                " Choose another name.",
            )
