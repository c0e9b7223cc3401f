"""Runs that a pause takes from their workers: they wait again, and go on when it has ended."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Connection

from bullpen.members.pauses import Place
from bullpen.runs.mailbox import NOTIFICATIONS

# A transaction that carries out a tool call holds its run, so it is over before this goes on.
LOCK_RUNNING = """
SELECT r.id FROM runs r JOIN mailbox b ON b.run_id = r.id AND b.worker IS NOT NULL
WHERE r.status = 'running' AND ($1::text IS NULL OR r.agent_id = $1)
  AND ($2::text IS NULL OR r.channel_id = $2)
ORDER BY r.id FOR NO KEY UPDATE OF r
"""
PARK = "SELECT pause_runs($1)"


async def lock_running(connection: Connection, place: Place) -> list[UUID]:
    """Those that are under way there. Call `hold_claims` before, so that they stay all."""
    return [row[0] for row in await connection.fetch(LOCK_RUNNING, *place)]


async def park(connection: Connection, run_ids: Sequence[UUID]) -> None:
    await connection.execute(PARK, list(run_ids))


async def wake_workers(connection: Connection) -> None:
    await connection.execute(f"SELECT pg_notify('{NOTIFICATIONS}', '')")
