"""Which messages only say why an agent does not answer: few, and seldom."""

from uuid import UUID

from asyncpg import Connection

from bullpen.runs.values import NoticeKind

# Once a day for each agent where money ran out; where something fails, it mostly fails for all:
# once in ten minutes in each channel, and only where nothing was said.
IS_GIVEN = """
SELECT EXISTS (
    SELECT FROM run_notices n JOIN messages m ON m.id = n.message_id
    WHERE n.kind = $4 AND m.channel_id = $3 AND CASE $4
        WHEN 'budget' THEN m.user_id = $2 AND m.created_at > now() - interval '1 day'
            AND (m.created_at AT TIME ZONE 'UTC')::date = (now() AT TIME ZONE 'UTC')::date
        ELSE m.created_at > now() - interval '10 minutes' END
) OR EXISTS (SELECT FROM run_posts WHERE run_id = $1)
  -- Somebody who reads the channel can no longer read what the run has read.
  OR NOT run_may_reach($1, readers_of($3))
"""


async def is_given(
    connection: Connection, run_id: UUID, agent_id: str, channel_id: str, kind: NoticeKind
) -> bool:
    """Whether the channel has a notice already, or is to have none."""
    given: bool = await connection.fetchval(IS_GIVEN, run_id, agent_id, channel_id, kind)
    return given
