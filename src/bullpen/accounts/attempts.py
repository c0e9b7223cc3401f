"""How often what could be guessed was tried: counted in the database, for all processes."""

import hmac
import math
from typing import Literal

from asyncpg import Connection

from bullpen.kit.database import Database
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import TooMany
from bullpen.kit.sealing import derive

Kind = Literal["account", "address", "mail"]

MINUTES = 15
MOST: dict[Kind, int] = {"account": 10, "address": 50, "mail": 3}
# The most rows of a kind, however much is tried.
BUCKETS = 1 << 20
# Where a count that nobody looks at any more stops.
LARGEST = 1_000_000

CHARGE = f"""
INSERT INTO sign_in_attempts AS a (kind, bucket, failures) VALUES ($1, $2, 1)
ON CONFLICT (kind, bucket) DO UPDATE SET
    failures = CASE WHEN a.began_at < now() - interval '{MINUTES} minutes' THEN 1
                    ELSE LEAST(a.failures + 1, {LARGEST}) END,
    began_at = CASE WHEN a.began_at < now() - interval '{MINUTES} minutes' THEN now()
                    ELSE a.began_at END
RETURNING failures, extract(epoch FROM began_at + interval '{MINUTES} minutes' - now())::float8
"""
FORGET = "DELETE FROM sign_in_attempts WHERE kind = 'account' AND bucket = $1"
FORGIVE = """
UPDATE sign_in_attempts SET failures = failures - 1
WHERE kind = 'address' AND bucket = $1 AND failures > 0
"""
TOO_MANY = "Too many failed attempts. Try again in {minutes} {unit}."


def bucket_of(key: str, kind: Kind, value: str) -> int:
    """By a key that nobody outside knows, so that nobody can choose whom to collide with."""
    digest = hmac.digest(derive(key, "attempts"), f"{kind} {value.lower()}".encode(), "sha256")
    return int.from_bytes(digest[:4], "big") % BUCKETS


async def charge_one(database: Database, key: str, kind: Kind, value: str) -> float | None:
    """Counts an attempt. None while it is within the limit, else the seconds to wait."""
    ((failures, wait),) = await database.write(CHARGE, kind, bucket_of(key, kind, value))
    return None if failures <= MOST[kind] else wait


async def charge(database: Database, key: str, *, account: str, network: str) -> None:
    """Counts an attempt as failed, before it is made: those at the same moment count as well.
    Raises where the limit is reached, for accounts that do not exist, too."""
    charged: tuple[tuple[Kind, str], ...] = (("address", network), ("account", account))
    for kind, value in charged:
        wait = await charge_one(database, key, kind, value)
        if wait is not None:
            minutes = math.ceil(wait / 60)
            raise TooMany(
                ErrorCode.TOO_MANY_ATTEMPTS,
                TOO_MANY.format(minutes=minutes, unit="minute" if minutes == 1 else "minutes"),
                retry_after=math.ceil(wait),
            )


async def succeeded(connection: Connection, key: str, *, account: str, network: str) -> None:
    """The attempt that was charged has not failed."""
    await forget(connection, key, account)
    await connection.execute(FORGIVE, bucket_of(key, "address", network))


async def forget(connection: Connection, key: str, account: str) -> None:
    """Lets an account be tried again at once."""
    await connection.execute(FORGET, bucket_of(key, "account", account))
