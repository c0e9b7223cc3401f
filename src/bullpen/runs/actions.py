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
BREAK_OFF = """
UPDATE run_steps SET status = 'failed', completed_at = now()
WHERE run_id = $1 AND status = 'running'
"""
DONE = (
    "SELECT tell_typing(ARRAY[id], 'agent.done') FROM runs WHERE id = $1 AND started_at IS NOT NULL"
)


async def cancel_run(connection: Connection, actor: Actor, run_id: UUID) -> Run:
    await get_run(connection, actor, run_id)
    cancelled = await connection.fetchval(CANCEL, run_id)
    if cancelled is None:
        run = await get_run(connection, actor, run_id)
        raise Conflict(f"The run has ended already: it is {run.status}.")
    await connection.execute(BREAK_OFF, run_id)
    run = await get_run(connection, actor, run_id)
    await append(connection, Event("run.changed", {"run": run}, run.channel_id))
    await connection.execute(DONE, run_id)
    return run
