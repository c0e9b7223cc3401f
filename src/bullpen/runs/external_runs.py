"""The mailbox of external agents, whose answers come through the API: runs wait there until a
program claims one. What waits costs nothing: no worker looks at it, and nothing is held open."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from asyncpg import Connection, Record

from bullpen.kit.database import Database, Reader, fetch_one
from bullpen.kit.sql import insert_one
from bullpen.runs.mailbox import NOTIFICATIONS, Claim

Mind = Literal["resident", "external"]
# A program says in between that it is still at work. Nobody else answers in the conversation
# meanwhile, so it does not last longer than the run of a resident agent.
LEASE = timedelta(seconds=60)
LONGEST = timedelta(minutes=10)
# A run that was claimed so often and never answered is given up.
MOST_ATTEMPTS = 3

IS_EXTERNAL = "SELECT FROM external_agents WHERE agent_id = $1"
OLDEST = """
SELECT b.run_id FROM mailbox b
WHERE b.agent_id = $1 AND b.worker IS NULL AND free_external_run(b.run_id) IS NOT NULL
ORDER BY b.priority, b.queued_at, b.run_id LIMIT 1
"""
CLAIM = "SELECT claim_external_run($1, $2, $3)"
HELD = """
SELECT b.attempt, b.lease_until FROM mailbox b JOIN runs r ON r.id = b.run_id
WHERE b.run_id = $1 AND b.worker = $2 AND r.status = 'running'
"""
RENEW = """
UPDATE mailbox b
SET lease_until = LEAST(clock_timestamp() + $4::interval, r.started_at + $5::interval)
FROM runs r
WHERE r.id = b.run_id AND r.status = 'running'
  AND b.run_id = $1 AND b.worker = $2 AND b.attempt = $3 AND b.lease_until > clock_timestamp()
RETURNING b.lease_until
"""
OVERDUE = """
SELECT b.run_id, b.worker, b.attempt FROM mailbox b
JOIN external_agents e ON e.agent_id = b.agent_id
WHERE b.worker IS NOT NULL AND b.lease_until < clock_timestamp() LIMIT 50
"""
PARK = "SELECT park_external_run($1, $2, $3)"
ENDED = """
SELECT r.agent_id, r.status, r.stop_reason,
       (SELECT message_id FROM run_posts WHERE run_id = r.id LIMIT 1)
FROM runs r WHERE r.id = $1
"""


async def get_mind(reader: Reader, agent_id: str) -> Mind:
    found = await fetch_one(reader, IS_EXTERNAL, agent_id)
    return "resident" if found is None else "external"


async def set_mind(connection: Connection, agent_id: str, mind: Mind) -> None:
    """Waiting runs are answered by the new mind."""
    if mind == "external":
        await insert_one(connection, "external_agents", {"agent_id": agent_id})
        return
    await connection.execute("DELETE FROM external_agents WHERE agent_id = $1", agent_id)
    await connection.execute(f"SELECT pg_notify('{NOTIFICATIONS}', '')")


async def oldest_waiting(reader: Reader, agent_id: str) -> UUID | None:
    """The next run that could be claimed now."""
    row = await fetch_one(reader, OLDEST, agent_id)
    return None if row is None else row[0]


async def claim_run(database: Database, run_id: UUID, worker: str) -> Claim | None:
    [row] = await database.write(CLAIM, run_id, worker, LEASE)
    return None if row[0] is None else Claim(run_id, worker, row[0])


async def held_by(reader: Reader, run_id: UUID, worker: str) -> tuple[Claim, datetime] | None:
    """What the program has claimed, and until when."""
    row = await fetch_one(reader, HELD, run_id, worker)
    return None if row is None else (Claim(run_id, worker, row[0]), row[1])


async def renew(database: Database, claim: Claim) -> datetime | None:
    rows = await database.write(RENEW, claim.run_id, claim.worker, claim.attempt, LEASE, LONGEST)
    return rows[0][0] if rows else None


async def overdue(reader: Reader) -> Sequence[Claim]:
    return [Claim(*row) for row in await reader.fetch(OVERDUE)]


async def park(database: Database, claim: Claim) -> None:
    await database.write(PARK, claim.run_id, claim.worker, claim.attempt)


async def how_it_ended(reader: Reader, run_id: UUID) -> Record | None:
    return await fetch_one(reader, ENDED, run_id)
