"""Takes runs from the mailbox and gives them back ended: each by one worker at a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from asyncpg import Connection
from msgspec import Raw

from bullpen.events.actions import Event, append
from bullpen.kit.database import Database
from bullpen.kit.ids import new_id
from bullpen.runs.values import Ended, RunKind

NOTIFICATIONS = "bullpen_mailbox"
# Claims share this advisory lock; a transaction that must see no run begin takes it alone. It comes
# before all other locks.
CLAIMS_LOCK = 0x62756C6C636C6D73
# A conversation is flooded where one run has so many messages to answer.
FLOOD = 20
# How many of the oldest waiting runs a claim looks at first.
CLAIM_WINDOW = 100
# A worker that is gone is noticed after this; one that lives renews three times as often.
LEASE = timedelta(seconds=6)
# After which a run that took its worker down with it is given up.
MOST_ATTEMPTS = 5
OF_A_PERSON, TALK, PLAN = range(3)

CLAIM = "SELECT run_id, attempt, flooded FROM claim_runs($1, $2, $3, $4)"
# One that somebody holds is being ended.
RENEW = """
UPDATE mailbox SET lease_until = clock_timestamp() + $2::interval WHERE run_id IN (
    SELECT run_id FROM mailbox
    WHERE worker = $1 AND lease_until NOT BETWEEN
        clock_timestamp() + $2::interval * 2 / 3 AND clock_timestamp() + $2::interval
    FOR NO KEY UPDATE SKIP LOCKED
)
"""
HELD = "SELECT run_id, attempt FROM mailbox WHERE worker = $1"
RELEASE = """
UPDATE mailbox SET lease_until = '-infinity' WHERE run_id IN (
    SELECT run_id FROM mailbox WHERE worker = $1 AND ($2::uuid IS NULL OR run_id = $2)
    FOR NO KEY UPDATE SKIP LOCKED
)
"""
LOCK_CLAIM = """
SELECT hold_run($1, $2, $3), set_config(
    'synchronous_commit', CASE WHEN $4 THEN current_setting('synchronous_commit') ELSE 'off' END,
    true
)
"""
HOLD_CLAIMS = "SELECT pg_advisory_xact_lock($1)"
CANCEL = "SELECT end_runs($1::uuid[], 'cancelled', 'cancelled')"
FAIL_OPEN_STEPS = "SELECT fail_open_steps(ARRAY[$1::uuid])"
FINISH = "SELECT settle_run($1, $2, $3, $4, $5, $6)"
ENQUEUE = f"""
WITH made AS (
    INSERT INTO runs (id, agent_id, trigger_message_id, channel_id)
    VALUES ($1, $2, $3, $4) RETURNING id
), details AS (
    INSERT INTO run_details
        (run_id, kind, thread_id, prompt, scheduled_id, again_of, model_id, started_by)
    SELECT id, $6, $5, $7, $8, $9, $10, $11 FROM made
), triggers AS (
    INSERT INTO run_triggers (run_id, message_id)
    SELECT made.id, m.id FROM made, messages m WHERE m.id = ANY ($13::uuid[])
), queued AS (
    INSERT INTO mailbox (run_id, agent_id, channel_id, thread_id, priority)
    SELECT id, $2, $4, $5, $12 FROM made
)
SELECT pg_notify('{NOTIFICATIONS}', '')
"""


@dataclass(frozen=True, slots=True)
class Claim:
    run_id: UUID
    worker: str
    attempt: int
    # The run's conversation, where more messages wait for an answer than agents can follow.
    flooded: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of an agent other than by a message."""

    agent_id: str
    kind: RunKind
    priority: int
    channel_id: str | None = None
    thread_id: UUID | None = None
    trigger_ids: Sequence[UUID] = ()
    prompt: str | None = None
    scheduled_id: UUID | None = None
    again_of: UUID | None = None
    model_id: str | None = None
    started_by: str | None = None


async def enqueue(connection: Connection, request: Request) -> UUID:
    run_id = new_id()
    await connection.execute(
        ENQUEUE,
        run_id,
        request.agent_id,
        request.trigger_ids[0] if request.trigger_ids else None,
        request.channel_id,
        request.thread_id,
        request.kind,
        request.prompt,
        request.scheduled_id,
        request.again_of,
        request.model_id,
        request.started_by,
        request.priority,
        list(request.trigger_ids),
    )
    run = await connection.fetchval("SELECT run_json(r) FROM runs r WHERE id = $1", run_id)
    await append(connection, Event("run.created", {"run": Raw(run)}, request.channel_id))
    return run_id


async def claim(
    database: Database, worker: str, most: int, resting: Collection[str] = ()
) -> list[Claim]:
    """`resting`: conversations in which nothing is to begin now."""
    rows = await database.write(CLAIM, worker, most, LEASE, list(resting))
    return [Claim(row[0], worker, row[1], row[2]) for row in rows]


async def renew(database: Database, worker: str) -> dict[UUID, Claim]:
    """The runs that the worker has: also those whose claim's answer was lost on its way."""
    await database.write(RENEW, worker, LEASE)
    rows = await database.fetch(HELD, worker)
    return {row[0]: Claim(row[0], worker, row[1]) for row in rows}


async def hold_claims(connection: Connection) -> None:
    """No run begins until the transaction has ended. Call this before anything is locked."""
    await connection.execute(HOLD_CLAIMS, CLAIMS_LOCK)


async def release(database: Database, worker: str, run_id: UUID | None = None) -> None:
    """Others may go on with its runs at once, or with this one."""
    await database.write(RELEASE, worker, run_id)


async def lock_claim(connection: Connection, claim: Claim, *, lasting: bool = True) -> bool:
    """Keeps others from ending or taking it until the transaction has ended; False: too late.

    Not `lasting`: nobody waits for the disk, since what would be forgotten can be done again.
    """
    held: bool = await connection.fetchval(
        LOCK_CLAIM, claim.run_id, claim.worker, claim.attempt, lasting
    )
    return held


async def finish(database: Database, claim: Claim, ended: Ended, reason: str) -> None:
    await database.write(FINISH, claim.run_id, claim.worker, claim.attempt, ended, reason, None)


async def finish_in(
    connection: Connection, claim: Claim, ended: Ended, reason: str, problem: str | None
) -> None:
    """Together with what else its end brings about."""
    await connection.execute(
        FINISH, claim.run_id, claim.worker, claim.attempt, ended, reason, problem
    )


async def fail_open_step(connection: Connection, claim: Claim) -> None:
    """Accounts for the step that is under way. The claim is held; call this before an event is
    appended, since spending is locked before the log lock."""
    await connection.execute(FAIL_OPEN_STEPS, claim.run_id)


async def cancel(connection: Connection, run_ids: Sequence[UUID]) -> list[UUID]:
    """Ends those that wait or are under way, and answers their ids."""
    return [row[0] for row in await connection.fetch(CANCEL, list(run_ids))]
