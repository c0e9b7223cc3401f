"""What a run takes from private channels that are not its own stays with those who can read them.

From the step that reached one, users who cannot read it see that the run went on, but not what
was said and called in it. What was withheld from a run is shown to those who may read the channel.
"""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Connection

from bullpen.members.access import readable

HIDDEN = "Hidden: from here on the run knows of a channel or DM that you cannot read."
# The step of run `r` from which on the actor sees nothing; 0 hides the prompt as well.
HIDDEN_FROM = f"""(
    SELECT min(reach.step_number) FROM run_reaches reach
    WHERE reach.run_id = r.id AND NOT EXISTS (
        SELECT FROM channels c WHERE c.id = reach.channel_id AND {readable("c")}
    )
)"""
REACH = """
WITH reached AS (
    SELECT r.id AS run_id, c.id AS channel_id,
           COALESCE($3, (SELECT max(step_number) FROM run_steps WHERE run_id = r.id), 0) AS step
    FROM runs r JOIN channels c ON c.id = ANY ($2) AND c.kind <> 'public'
    WHERE r.id = $1 AND r.channel_id IS DISTINCT FROM c.id
), sources AS (
    INSERT INTO run_sources (run_id, channel_id)
    SELECT run_id, channel_id FROM reached WHERE $4 ORDER BY channel_id ON CONFLICT DO NOTHING
)
INSERT INTO run_reaches (run_id, channel_id, step_number)
SELECT run_id, channel_id, step FROM reached ORDER BY channel_id
ON CONFLICT (run_id, channel_id) DO UPDATE SET step_number = EXCLUDED.step_number
WHERE EXCLUDED.step_number < run_reaches.step_number
"""
WITHHOLD = """
INSERT INTO run_withheld (run_id, step_id, channel_id, content)
SELECT r.id, CASE WHEN $4 THEN NULL ELSE (
           SELECT id FROM run_steps WHERE run_id = r.id ORDER BY step_number DESC LIMIT 1
       ) END, c.id, replace($3, '{channel}', CASE
           WHEN c.kind IN ('public', 'private') THEN '#' || c.name
           ELSE 'the DM of ' || (
               SELECT string_agg(
                   u.display_name, CASE c.kind WHEN 'dm' THEN ' and ' ELSE ', ' END ORDER BY m.id
               )
               FROM channel_members m JOIN users u ON u.id = m.user_id WHERE m.channel_id = c.id
           )
       END)
FROM runs r JOIN channels c ON c.id = ANY ($2) WHERE r.id = $1 ORDER BY c.id
"""
# What a run has read has to outlast the server: it decides what the run may write later.
LASTING = "SET LOCAL synchronous_commit TO DEFAULT"
HAS_REACHED = "SELECT EXISTS (SELECT FROM run_reaches WHERE run_id = $1)"


async def has_reached(connection: Connection, run_id: UUID) -> bool:
    """Whether the run knows of, or wrote to, a private channel that is not its own."""
    reached: bool = await connection.fetchval(HAS_REACHED, run_id)
    return reached


async def note_private_source(
    connection: Connection,
    run_id: UUID | None,
    channel_ids: Sequence[str],
    *,
    has_read: bool = True,
    step_number: int | None = None,
) -> None:
    """Call this before taking the log lock: it waits for transactions that delete a channel.

    Without a number it is the newest step that reaches them.
    """
    if run_id is not None and channel_ids:
        await connection.execute(REACH, run_id, list(channel_ids), step_number, has_read)
        await connection.execute(LASTING)


async def withhold(
    connection: Connection,
    run_id: UUID | None,
    channel_ids: Sequence[str],
    words: str,
    *,
    from_prompt: bool = False,
) -> None:
    """Notes in the trace what the run was not given. `{channel}` in the words is its name."""
    if run_id is not None and channel_ids:
        await connection.execute(WITHHOLD, run_id, list(channel_ids), words, from_prompt)
