"""Removes what cannot be used any more: sessions and links that ended, old counts of attempts."""

from bullpen.accounts.attempts import MINUTES
from bullpen.accounts.sessions import IDLE
from bullpen.kit.database import Database

STATEMENTS = (
    f"""
    DELETE FROM sessions
    WHERE expires_at < now() OR last_used_at < now() - interval '{IDLE.days} days'
    """,
    "DELETE FROM links WHERE expires_at < now() - interval '7 days'",
    f"DELETE FROM sign_in_attempts WHERE began_at < now() - interval '{MINUTES} minutes'",
)


async def trim_accounts(database: Database) -> None:
    for statement in STATEMENTS:
        await database.write(statement)
