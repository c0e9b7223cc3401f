"""From what a run has read and made back to the run; written while a tool is called."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Connection

# The recorder names the call that is under way in this setting of the transaction.
CALL = "NULLIF(current_setting('bullpen.call_id', true), '')::uuid"
READ = f"""
INSERT INTO run_passages (run_id, call_id, place, passage_id)
SELECT $1, {CALL}, place, id FROM unnest($2::uuid[]) WITH ORDINALITY given (id, place)
"""


async def note_passages(
    connection: Connection, run_id: UUID | None, passage_ids: Sequence[UUID]
) -> None:
    """The run is given these passages, in this order."""
    if run_id is not None and passage_ids:
        await connection.execute(READ, run_id, list(passage_ids))
