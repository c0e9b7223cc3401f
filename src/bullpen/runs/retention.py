"""Removes what traces hold, once it is old. The runs and their steps themselves stay."""

from collections.abc import Sequence

from bullpen.kit.database import Database
from bullpen.kit.sql import change

AT_ONCE = 1000
ENDED = "r.status IN ('completed', 'failed', 'cancelled')"
OLD = f"{ENDED} AND r.created_at < now() - make_interval(days => $1)"

REQUESTS = f"""
DELETE FROM step_details WHERE step_id IN (
    SELECT d.step_id FROM step_details d
    JOIN run_steps s ON s.id = d.step_id JOIN runs r ON r.id = s.run_id
    WHERE {OLD} LIMIT $2
)
"""
# Requests to a model with an API and its answers, for a run that is interrupted.
HISTORIES = f"""
UPDATE run_details SET history = NULL WHERE run_id IN (
    SELECT d.run_id FROM run_details d JOIN runs r ON r.id = d.run_id
    WHERE {OLD} AND d.history IS NOT NULL LIMIT $2
)
"""
MESSAGES = f"""
DELETE FROM run_messages WHERE id IN (
    SELECT m.id FROM run_messages m JOIN runs r ON r.id = m.run_id WHERE {OLD} LIMIT $2
)
"""
WITHHELD = f"""
DELETE FROM run_withheld WHERE id IN (
    SELECT w.id FROM run_withheld w JOIN runs r ON r.id = w.run_id WHERE {OLD} LIMIT $2
)
"""


async def trim_requests(database: Database, days: int) -> int:
    """Removes what steps sent to models, and answers how many rows changed."""
    return await repeatedly(database, (REQUESTS, HISTORIES), days)


async def trim_traces(database: Database, days: int) -> int:
    """Removes the requests, answers and calls of runs, and what was withheld from them."""
    return await repeatedly(database, (MESSAGES, WITHHELD), days)


async def repeatedly(database: Database, statements: Sequence[str], days: int) -> int:
    """In portions, so that nobody waits for long. Answers how many rows changed."""
    changed = 0
    for statement in statements:
        portion = AT_ONCE
        while portion == AT_ONCE:
            async with database.transaction() as connection:
                portion = await change(connection, statement, days, AT_ONCE)
            changed += portion
    return changed
