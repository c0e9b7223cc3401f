"""Writes of runs, in the caller's transaction."""

from uuid import UUID

from asyncpg import Connection

from bullpen.events.actions import Event, append
from bullpen.kit.errors import Conflict
from bullpen.members.actor import Actor
from bullpen.runs.queries import Run, get_run

CANCEL = """
UPDATE runs SET status = 'cancelled', stop_reason = 'cancelled', completed_at = now()
WHERE id = $1 AND status IN ('created', 'running') RETURNING 1
"""


async def cancel_run(connection: Connection, actor: Actor, run_id: UUID) -> Run:
    await get_run(connection, actor, run_id)
    cancelled = await connection.fetchval(CANCEL, run_id)
    run = await get_run(connection, actor, run_id)
    if cancelled is None:
        raise Conflict(f"The run has ended already: it is {run.status}.")
    await append(connection, Event("run.changed", {"run": run}, run.channel_id))
    return run
