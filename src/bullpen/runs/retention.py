"""Removes what traces hold, once it is old. The runs and their steps themselves stay."""

from bullpen.kit.database import Database

AT_ONCE = 1000
ENDED = "r.status IN ('completed', 'failed', 'cancelled')"
OLD = f"{ENDED} AND r.created_at < now() - make_interval(days => $1)"

REQUESTS = f"""
WITH gone AS (
    DELETE FROM step_details WHERE step_id IN (
        SELECT d.step_id FROM step_details d
        JOIN run_steps s ON s.id = d.step_id JOIN runs r ON r.id = s.run_id
        WHERE {OLD} LIMIT $2
    ) RETURNING 1
) SELECT count(*) FROM gone
"""
# What a model with an API was told and said, for a run that is interrupted.
HISTORIES = f"""
WITH gone AS (
    UPDATE run_details SET history = NULL WHERE run_id IN (
        SELECT d.run_id FROM run_details d JOIN runs r ON r.id = d.run_id
        WHERE {OLD} AND d.history IS NOT NULL LIMIT $2
    ) RETURNING 1
) SELECT count(*) FROM gone
"""
MESSAGES = f"""
WITH gone AS (
    DELETE FROM run_messages WHERE id IN (
        SELECT m.id FROM run_messages m JOIN runs r ON r.id = m.run_id WHERE {OLD} LIMIT $2
    ) RETURNING 1
) SELECT count(*) FROM gone
"""


WITHHELD = f"""
WITH gone AS (
    DELETE FROM run_withheld WHERE id IN (
        SELECT w.id FROM run_withheld w JOIN runs r ON r.id = w.run_id WHERE {OLD} LIMIT $2
    ) RETURNING 1
) SELECT count(*) FROM gone
"""


async def trim_requests(database: Database, days: int) -> int:
    """What steps sent to models, to the letter. How many it removed."""
    removed = 0
    for statement in (REQUESTS, HISTORIES):
        removed += await repeatedly(database, statement, days)
    return removed


async def trim_traces(database: Database, days: int) -> int:
    """What runs were told, said and called, and what was withheld from them."""
    removed = 0
    for statement in (MESSAGES, WITHHELD):
        removed += await repeatedly(database, statement, days)
    return removed


async def repeatedly(database: Database, statement: str, days: int) -> int:
    """In portions, so that nobody waits for long."""
    removed = 0
    while True:
        async with database.transaction() as connection:
            portion: int = await connection.fetchval(statement, days, AT_ONCE)
        removed += portion
        if portion < AT_ONCE:
            return removed
