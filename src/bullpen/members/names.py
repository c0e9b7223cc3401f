"""Nobody and no channel goes by a name that could be taken for another's."""

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
    "member": "SELECT id, display_name FROM users WHERE is_active AND id <> $1",
    "channel": "SELECT name FROM channels WHERE kind IN ('public', 'private') AND id <> $1",
}


def is_reserved(name: str) -> bool:
    return not RESERVED.isdisjoint(name_keys(name))


async def lock_names(connection: Connection) -> None:
    """Other transactions that take names or ids wait until this one has ended."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", NAMES_LOCK)


async def require_free_names(
    connection: Connection, kind: Literal["member", "channel"], owner_id: str, names: Sequence[str]
) -> None:
    """Raises `Conflict` where one is taken. DMs go by no name."""
    await lock_names(connection)
    rows = await connection.fetch(OTHERS[kind], owner_id)
    taken = {key for row in rows for name in row for key in name_keys(name)}
    for name in names:
        if not taken.isdisjoint(name_keys(name)):
            what = "A channel" if kind == "channel" else "A member"
            raise Conflict(
                ErrorCode.NAME_TAKEN,
                f"{what} named '{name}', or with a name that looks the same, already exists."
                " Choose another name.",
            )
