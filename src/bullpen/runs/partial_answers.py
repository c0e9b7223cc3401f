"""What runs are writing, as it is kept while it is written."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from bullpen.events.log import NOTIFICATIONS, PARTIAL_ANSWERS
from bullpen.kit.database import Database
from bullpen.runs.mailbox import Claim

KEEP = "SELECT keep_partial_answer($1, $2, $3, $4, $5, $6, $7, $8, $9)"
DROP = f"""
WITH gone AS (
    DELETE FROM partial_answers WHERE run_id = $1 AND worker = $2 AND attempt = $3 RETURNING run_id
)
SELECT pg_notify('{NOTIFICATIONS}', '{PARTIAL_ANSWERS}') FROM gone
"""
# `$1` and `$2` are the versions that the reader knows: nothing else is read of those. What a worker
# that lost its run has left behind is not there any more.
READ = """
SELECT p.run_id, p.version, known.version IS DISTINCT FROM p.version AS is_new, b.agent_id,
       p.channel_id, p.thread_id,
       CASE WHEN known.version IS DISTINCT FROM p.version THEN p.text END AS text,
       CASE WHEN known.version IS DISTINCT FROM p.version THEN p.thinking END AS thinking, p.tool
FROM partial_answers p
JOIN mailbox b ON b.run_id = p.run_id AND b.worker = p.worker AND b.attempt = p.attempt
    AND b.lease_until > clock_timestamp()
LEFT JOIN unnest($1::uuid[], $2::bigint[]) known (run_id, version) ON known.run_id = p.run_id
"""


class Address(NamedTuple):
    """Where a model says that its text goes; with nothing, where it was asked."""

    channel: str | None = None
    thread: str | None = None
    to: str | None = None


class PartialAnswer(NamedTuple):
    version: int
    agent_id: str
    channel_id: str
    thread_id: UUID | None
    text: str
    thinking: str
    tool: str | None


async def keep_partial_answer(
    database: Database, claim: Claim, text: str, thinking: str, tool: str | None, address: Address
) -> bool:
    """False where the worker does not have the run any longer."""
    values = (claim.run_id, claim.worker, claim.attempt, text, thinking, tool, *address)
    [row] = await database.write(KEEP, *values)
    return bool(row[0])


async def drop_partial_answer(database: Database, claim: Claim) -> None:
    await database.write(DROP, claim.run_id, claim.worker, claim.attempt)


async def read_partial_answers(
    database: Database, known: Mapping[UUID, PartialAnswer]
) -> dict[UUID, PartialAnswer]:
    """All there are; those that have not changed are the known ones."""
    versions = [answer.version for answer in known.values()]
    rows = await database.fetch(READ, list(known), versions)
    return {
        row["run_id"]: known[row["run_id"]] if not row["is_new"] else answer_of(row) for row in rows
    }


def answer_of(row: Mapping[str, object]) -> PartialAnswer:
    return PartialAnswer(*(row[name] for name in PartialAnswer._fields))  # type: ignore[arg-type]
