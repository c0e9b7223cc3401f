"""The messages of a digest: what a person may read, has not read, and is concerned by."""

from datetime import datetime

from asyncpg import Connection, Record

from bullpen.chat.message_sql import COUNTED
from bullpen.digests.rule import belongs
from bullpen.members.access import readable
from bullpen.push.notices import is_read
from bullpen.push.noting import FACTS, FACTS_FROM
from bullpen.push.rule import About

# Each by an index; what of it belongs in a digest is decided below.
UNREAD = f"""
WITH written AS (
    SELECT named.message_id AS id FROM mentions named
    WHERE named.user_id = $1 AND named.created_at > $2 AND named.created_at <= $3
    UNION
    SELECT m.id FROM channel_members mine
    JOIN channels c ON c.id = mine.channel_id AND c.kind IN ('dm', 'group_dm')
    JOIN messages m ON m.channel_id = c.id
    WHERE mine.user_id = $1 AND m.created_at > $2 AND m.created_at <= $3
    UNION
    SELECT m.id FROM thread_cursors cursor
    JOIN messages m ON m.parent_message_id = cursor.root_id
    WHERE cursor.user_id = $1 AND m.created_at > $2 AND m.created_at <= $3
)
SELECT m.id, left(m.text, 2000) AS text, m.parent_message_id, c.id AS channel_id, c.kind, c.name,
       (SELECT count(*) FROM channel_members member WHERE member.channel_id = c.id) AS members,
       author.display_name, {FACTS}
FROM written JOIN messages m ON m.id = written.id
JOIN channels c ON c.id = m.channel_id
JOIN users author ON author.id = m.user_id
CROSS JOIN (SELECT $1::text AS user_id) recipient
{FACTS_FROM}
WHERE m.user_id <> recipient.user_id AND {COUNTED} AND NOT {is_read("recipient.user_id")}
  AND {readable("c", "recipient.user_id")}
ORDER BY m.created_at, m.id
"""
FACT_NAMES = ("is_direct", "is_muted", "level", "mention", "is_of_thread", "follows")


async def unread_items(
    connection: Connection, user_id: str, since: datetime, until: datetime
) -> list[Record]:
    rows = await connection.fetch(UNREAD, user_id, since, until)
    return [row for row in rows if belongs(About(*(row[name] for name in FACT_NAMES)))]
