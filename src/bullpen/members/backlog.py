"""What a stream that resumes has missed, by what its reader may read now."""

from collections.abc import Sequence
from typing import NamedTuple

from asyncpg import Record

from bullpen.kit.database import Database
from bullpen.members.access import is_guest, readable, sees
from bullpen.members.actor import Actor

# A portion: not more events than this, and not more bytes, unless one event alone has more.
AT_ONCE = 500
PORTION_BYTES = 64_000
# Beyond this many events a full reload is cheaper.
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
               OR (c.kind <> 'public' OR {is_guest()}) AND entry.payload ->> 'userId' = $1)
    ), 0) AS id
    FROM channels c WHERE {readable("c")}
), due AS (
    SELECT e.id, e.kind, e.payload
    FROM events e LEFT JOIN since ON since.channel_id = e.channel_id
    WHERE e.id > $2 AND e.id <= $3
      AND (e.id >= since.id OR $1 = ANY (e.user_ids)
           OR e.channel_id IS NULL AND e.user_ids IS NULL AND (
               NOT {is_guest()} OR e.kind IN ('reset', 'workspace.changed')
               OR e.kind = 'user.changed' AND {sees("e.payload -> 'user' ->> 'id'")}
               OR e.kind IN ('pause.added', 'pause.removed') AND (
                   e.payload -> 'pause' ->> 'agentId' IS NULL
                   OR {sees("e.payload -> 'pause' ->> 'agentId'")}
               )
           ))
    ORDER BY e.id LIMIT $4
), weighed AS (
    -- Without unpacking what is not sent: how much a compressed one holds is not known.
    SELECT due.*, sum(
        CASE WHEN pg_column_compression(payload) IS NULL THEN pg_column_size(payload) ELSE $5 END
    ) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM due
)
SELECT id, kind, payload::text, (SELECT max(id) FROM due), (SELECT count(*) FROM due)
FROM weighed WHERE COALESCE(before, 0) < $5 ORDER BY id
"""

# A log that is still empty begins after the number that its sequence is at.
BEGINNING = """
SELECT COALESCE(min(id), (SELECT last_value + 1 FROM events_id_seq)) - 1,
       COALESCE(max(id), (SELECT last_value FROM events_id_seq))
FROM events
"""


class Portion(NamedTuple):
    events: list[Record]
    "id, kind and payload come first"
    after: int
    "where the next one begins"


async def missed(database: Database, actor: Actor, after: int, until: int) -> Portion | None:
    """The first of what came after one number, up to another. None where the log does not have
    all of it any more."""
    rows: Sequence[Record] = await database.fetch(
        MISSED, actor.user_id, after, until, AT_ONCE, PORTION_BYTES
    )
    # Only now: the log may have been trimmed meanwhile.
    edges = await database.fetch_one(BEGINNING)
    assert edges is not None
    oldest, newest = edges
    if not oldest <= after <= newest or until - after > MOST:
        return None
    if not rows:
        return Portion([], until)
    last, (_, _, _, newest_due, count) = rows[-1][0], rows[0]
    is_all = last == newest_due and count < AT_ONCE
    return Portion(list(rows), until if is_all else last)
