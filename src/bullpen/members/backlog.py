"""What a stream that resumes has missed, by the rules of whoever reads now."""

from collections.abc import AsyncIterator, Sequence

from asyncpg import Record

from bullpen.kit.database import Database
from bullpen.members.access import readable
from bullpen.members.actor import Actor

AT_ONCE = 500
# Past this, the state itself is shorter than the way to it.
MOST = 20_000

# Of a channel that one may read, only what came after one could: what was said, changed and taken
# back before is not theirs to know. A channel's id may be used again, so its making counts, too.
MISSED = f"""
WITH since AS MATERIALIZED (
    SELECT c.id AS channel_id, COALESCE((
        SELECT max(entry.id) FROM events entry
        WHERE entry.channel_id = c.id AND entry.id > $2
          AND entry.kind IN ('channel.created', 'member.added')
          AND (entry.kind = 'channel.created'
               OR c.kind <> 'public' AND entry.payload ->> 'userId' = $1)
    ), 0) AS id
    FROM channels c WHERE {readable("c")}
)
SELECT e.id, e.kind, e.payload::text
FROM events e LEFT JOIN since ON since.channel_id = e.channel_id
WHERE e.id > $2 AND e.id <= $3
  AND (e.id >= since.id OR $1 = ANY (e.user_ids)
       OR e.channel_id IS NULL AND e.user_ids IS NULL)
ORDER BY e.id LIMIT {AT_ONCE}
"""

# A log that is still empty begins after the number that its sequence is at.
BEGINNING = """
SELECT COALESCE(min(id), (SELECT last_value + 1 FROM events_id_seq)) - 1,
       COALESCE(max(id), (SELECT last_value FROM events_id_seq))
FROM events
"""


async def missed(
    database: Database, actor: Actor, after: int, until: int
) -> AsyncIterator[Sequence[Record] | None]:
    """Portions of what came after one number, up to another; None, and no more, where the log
    does not have it all."""
    while True:
        rows = await database.fetch(MISSED, actor.user_id, after, until)
        # Only now: the log may have been trimmed meanwhile.
        edges = await database.fetch_one(BEGINNING)
        assert edges is not None
        oldest, newest = edges
        if not oldest <= after <= newest or until - after > MOST:
            yield None
            return
        if rows:
            yield rows
        if len(rows) < AT_ONCE:
            return
        after = rows[-1][0]
