"""Whether a server or a worker uses a database."""

import asyncio

from asyncpg import Connection

from bullpen.kit.database import is_pooled
from bullpen.kit.errors import StartupError

# A server or worker looks at its database at least every two seconds. Behind a pooler, a
# connection stays for minutes after the program that used it has ended.
OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'bullpen' AND pid <> pg_backend_pid()
  AND (NOT $1 OR state IS DISTINCT FROM 'idle' OR state_change > now() - interval '5 seconds')
"""
# Longer than a command or a closed connection takes to end, and behind a pooler to be told from
# one that is used.
PATIENCE_SECONDS = {False: 3.0, True: 8.0}
AGAIN_SECONDS = 0.25


async def require_unused(url: str, connection: Connection) -> None:
    """The connection must be this program's only one, and in no transaction."""
    pooled = await is_pooled(url)
    for _ in range(round(PATIENCE_SECONDS[pooled] / AGAIN_SECONDS)):
        if not await connection.fetchval(OTHERS, pooled):
            return
        await asyncio.sleep(AGAIN_SECONDS)
    raise StartupError(
        "a Bullpen server or worker uses this database, so nothing was restored:"
        " stop it, and restore again"
    )
