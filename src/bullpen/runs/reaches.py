"""What a run takes from private channels that are not its own stays with those who can read them.

From the step on that reached one, whoever cannot read it sees that the run went on, and not what
was said and asked in it.
"""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Connection

from bullpen.members.access import readable

HIDDEN = "Hidden: from here on the run knows of a channel or DM that you cannot read."
# The step of run `r` from which on the actor sees nothing.
HIDDEN_FROM = f"""(
    SELECT min(reach.step_number) FROM run_reaches reach
    WHERE reach.run_id = r.id AND NOT EXISTS (
        SELECT FROM channels c WHERE c.id = reach.channel_id AND {readable("c")}
    )
)"""
REACH = """
INSERT INTO run_reaches (run_id, channel_id, step_number)
SELECT r.id, c.id, (SELECT max(step_number) FROM run_steps WHERE run_id = r.id)
FROM runs r JOIN channels c ON c.id = ANY ($2) AND c.kind <> 'public'
WHERE r.id = $1 AND r.channel_id IS DISTINCT FROM c.id
  AND EXISTS (SELECT FROM run_steps WHERE run_id = r.id)
ORDER BY c.id ON CONFLICT DO NOTHING
"""


async def reach(connection: Connection, run_id: UUID | None, channel_ids: Sequence[str]) -> None:
    """To be called before the log's turn is taken: it waits for whoever deletes a channel."""
    if run_id is not None and channel_ids:
        await connection.execute(REACH, run_id, list(channel_ids))
