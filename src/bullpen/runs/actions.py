"""Writes of runs, in the caller's transaction."""

from collections.abc import Iterable
from uuid import UUID

from asyncpg import Connection

from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict
from bullpen.members.actions import keep_channel
from bullpen.members.actor import Actor
from bullpen.members.archive import require_open
from bullpen.members.conditions import require_for
from bullpen.members.permissions import Permission
from bullpen.members.queries import get_channel
from bullpen.runs.mailbox import OF_A_PERSON, Request, cancel, enqueue, hold_claims
from bullpen.runs.queries import Run, get_run

LOCK_RUNS = """
SELECT FROM runs WHERE channel_id = $1 AND status IN ('created', 'running') ORDER BY id FOR UPDATE
"""
OPEN = """
SELECT id FROM runs WHERE agent_id = $1 AND status IN ('created', 'running')
"""
OPEN_IN = """
SELECT id FROM runs WHERE channel_id = $1 AND status IN ('created', 'running')
"""
KEEP_RUNS = "SELECT FROM runs WHERE id = ANY ($1::uuid[]) ORDER BY id FOR KEY SHARE"
AGAIN = """
SELECT d.kind, d.thread_id, d.prompt, d.started_by, r.agent_id, r.channel_id,
       r.trigger_message_id, a.is_active,
       ARRAY(
           SELECT t.message_id FROM run_triggers t JOIN messages m ON m.id = t.message_id
           WHERE t.run_id = r.id ORDER BY m.created_at, m.id
       ) AS trigger_ids,
       (SELECT id FROM messages WHERE id = r.trigger_message_id) AS trigger_id,
       (SELECT parent_message_id FROM messages WHERE id = r.trigger_message_id) AS trigger_thread
FROM runs r LEFT JOIN run_details d ON d.run_id = r.id JOIN agents a ON a.id = r.agent_id
WHERE r.id = $1
"""
# At most one: answers in a conversation come one after the other.
LOCK_ANSWERING = """
SELECT FROM runs r LEFT JOIN run_details d ON d.run_id = r.id
WHERE r.channel_id = $1 AND r.status = 'running' AND d.thread_id IS NOT DISTINCT FROM $2::uuid
FOR NO KEY UPDATE OF r
"""
IN_CONVERSATION = """
SELECT r.id FROM runs r LEFT JOIN run_details d ON d.run_id = r.id
WHERE r.channel_id = $1 AND r.status IN ('created', 'running')
  AND d.thread_id IS NOT DISTINCT FROM $2::uuid
"""


async def cancel_run(connection: Connection, actor: Actor, run_id: UUID) -> Run:
    found = await get_run(connection, actor, run_id)
    await require_for(
        connection,
        actor,
        Permission.STOP_RUNS,
        channel_id=found.channel_id,
        agent_id=found.agent_id,
    )
    cancelled = await cancel(connection, [run_id])
    run = await get_run(connection, actor, run_id)
    if not cancelled:
        raise Conflict(ErrorCode.RUN_HAS_ENDED, f"This run has already ended ({run.status}).")
    return run


async def cancel_runs_in(
    connection: Connection, actor: Actor, channel_id: str, thread_id: UUID | None
) -> list[UUID]:
    """All that wait or are under way in a channel, outside its threads, or in one thread.

    Also what the answer that is being written has just asked of others: nothing begins meanwhile,
    and the answer's own transaction is over once its run is locked.
    """
    await hold_claims(connection)
    await get_channel(connection, actor, channel_id)
    await require_for(connection, actor, Permission.STOP_RUNS, channel_id=channel_id)
    await connection.execute(LOCK_ANSWERING, channel_id, thread_id)
    rows = await connection.fetch(IN_CONVERSATION, channel_id, thread_id)
    return await cancel(connection, [row[0] for row in rows])


async def cancel_all_runs_in(connection: Connection, channel_id: str) -> None:
    """Also those in threads. Call this after `lock_runs_in`."""
    rows = await connection.fetch(OPEN_IN, channel_id)
    await cancel(connection, [row[0] for row in rows])


async def cancel_runs_of(connection: Connection, agent_id: str) -> None:
    """All that wait or are under way: an agent that comes back does not go on with them."""
    rows = await connection.fetch(OPEN, agent_id)
    await cancel(connection, [row[0] for row in rows])


async def lock_runs_in(connection: Connection, channel_id: str) -> None:
    """Those that wait or are under way. A worker that has one holds it and may be about to write
    in the channel: so lock them before the channel."""
    await connection.execute(LOCK_RUNS, channel_id)


async def run_again(
    connection: Connection, actor: Actor, run_id: UUID, model_id: str | None
) -> Run:
    """For the same reason; with another model, where one is named."""
    [run] = await repeat_runs(connection, actor, [run_id], model_id)
    return run


async def repeat_runs(
    connection: Connection, actor: Actor, run_ids: Iterable[UUID], model_id: str | None = None
) -> list[Run]:
    """All or none, each for the same reason. A run that is named twice is repeated once."""
    runs = [await get_run(connection, actor, run_id) for run_id in dict.fromkeys(run_ids)]
    for run in runs:
        await require_for(
            connection,
            actor,
            # Another model costs something else.
            Permission.REPEAT_RUN if model_id is None else Permission.EDIT_AGENT,
            channel_id=run.channel_id,
            agent_id=run.agent_id,
        )
    # In the order in which they are deleted: the runs, then the channel.
    await connection.execute(KEEP_RUNS, [run.id for run in runs])
    for channel_id in sorted({run.channel_id for run in runs if run.channel_id is not None}):
        await keep_channel(connection, channel_id)
        await require_open(connection, channel_id)
    for run in runs:
        await get_run(connection, actor, run.id)
    # All requests are checked first: the events that they append take the log lock, which is last.
    requests = [await _request_again(connection, run.id, model_id) for run in runs]
    made = [await enqueue(connection, request) for request in requests]
    return [await get_run(connection, actor, run_id) for run_id in made]


async def _request_again(connection: Connection, run_id: UUID, model_id: str | None) -> Request:
    row = await connection.fetchrow(AGAIN, run_id)
    assert row is not None
    # A run that came with a pack names the one message that it answered.
    triggers = row["trigger_ids"] or [one for one in [row["trigger_id"]] if one]
    if not triggers and row["prompt"] is None:
        raise Conflict(
            ErrorCode.NOTHING_TO_ANSWER,
            "The messages that this run answered have been deleted, so it cannot be run again.",
        )
    if not row["is_active"]:
        raise Conflict(
            ErrorCode.AGENT_INACTIVE, f"'{row['agent_id']}' is inactive. Activate it first."
        )
    return Request(
        row["agent_id"],
        "again",
        OF_A_PERSON,
        channel_id=row["channel_id"],
        thread_id=row["thread_id"] if row["kind"] else row["trigger_thread"],
        trigger_ids=triggers,
        prompt=row["prompt"],
        again_of=run_id,
        model_id=model_id,
        started_by=row["started_by"],
    )
