"""Reads the event log for messages, and notes which browsers get a notice."""

import asyncio
from uuid import UUID

from asyncpg import Connection, Record

from bullpen.chat.message_sql import ALSO_IN_CHANNEL, COUNTED, takes_part
from bullpen.kit.database import Database
from bullpen.members.access import readable
from bullpen.push.keywords import has_keyword, said_in
from bullpen.push.rule import About, notifies

AT_ONCE = 100
# In this time, a window that has the conversation open marks the message as read.
PATIENCE_SECONDS = 2
# What is older is not news any more: no notice was sent while no process ran.
LONGEST_MINUTES = 10

TAKE = "SELECT event_id FROM push_position FOR UPDATE SKIP LOCKED"
MOVE = "UPDATE push_position SET event_id = $1"
# A workspace that was restored may have fewer events than it had.
READ = f"""
SELECT id, kind = 'message.created' AS is_message, payload #>> '{{message,id}}' AS message_id,
       created_at > now() - interval '{LONGEST_MINUTES} minutes' AS is_news
FROM events
WHERE id > LEAST($1, (SELECT max(id) FROM events))
  AND created_at < now() - interval '{PATIENCE_SECONDS} seconds'
ORDER BY id LIMIT {AT_ONCE}
"""
# How a message `m` of a channel `c` concerns the user `recipient`, in the order of `About`.
FACTS = f"""
       c.kind IN ('dm', 'group_dm') AND mine.id IS NOT NULL AS is_direct,
       COALESCE(preference.is_muted, false) AS is_muted, chosen.level,
       CASE WHEN named.user_id IS NULL THEN NULL
           WHEN is_of_group(m.id, recipient.user_id) THEN 'group' ELSE 'name' END AS mention,
       m.parent_message_id IS NOT NULL AND NOT {ALSO_IN_CHANNEL} AS is_of_thread,
       COALESCE((
           SELECT {takes_part("recipient.user_id")} FROM messages root
           WHERE root.id = m.parent_message_id
       ), false) AS follows
"""
FACTS_FROM = """
LEFT JOIN channel_members mine ON mine.channel_id = c.id AND mine.user_id = recipient.user_id
LEFT JOIN mentions named ON named.message_id = m.id AND named.user_id = recipient.user_id
LEFT JOIN channel_preferences preference
    ON preference.channel_id = c.id AND preference.user_id = recipient.user_id
LEFT JOIN channel_notifications chosen
    ON chosen.channel_id = c.id AND chosen.user_id = recipient.user_id
"""
# One row for each message and each user with a browser that it may concern.
ABOUT = f"""
SELECT m.id AS message_id, recipient.user_id, {FACTS},
       -- The text only where it is read.
       words.keywords, CASE WHEN words.keywords IS NOT NULL THEN m.text END AS text
FROM messages m JOIN channels c ON c.id = m.channel_id
CROSS JOIN (SELECT DISTINCT user_id FROM push_subscriptions) recipient
{FACTS_FROM}
LEFT JOIN notification_keywords words
    ON words.user_id = recipient.user_id AND mine.id IS NOT NULL
WHERE m.id = ANY ($1) AND recipient.user_id <> m.user_id AND {COUNTED}
  AND (mine.id IS NOT NULL OR named.user_id IS NOT NULL)
  AND {readable("c", "recipient.user_id")}
"""
NOTE = """
INSERT INTO push_deliveries (subscription_id, message_id)
SELECT s.id, m.id
FROM unnest($1::text[], $2::uuid[]) wanted (user_id, message_id)
JOIN push_subscriptions s ON s.user_id = wanted.user_id
JOIN messages m ON m.id = wanted.message_id AND m.created_at > s.created_at
ON CONFLICT DO NOTHING
"""


async def note_messages(database: Database) -> bool:
    """Whether there may be more to note. One process at a time does it; it is done or not."""
    async with database.transaction() as connection:
        known = await connection.fetchval(TAKE)
        if known is None:
            return False
        events = await connection.fetch(READ, known)
        if not events:
            return False
        messages = [e["message_id"] for e in events if e["is_message"] and e["is_news"]]
        if messages:
            await note(connection, messages)
        await connection.execute(MOVE, events[-1]["id"])
    return len(events) == AT_ONCE


async def note(connection: Connection, message_ids: list[str]) -> None:
    rows = await connection.fetch(ABOUT, message_ids)
    # In a thread: many keywords in long messages take a while, in which the process has to go on.
    recipients = await asyncio.to_thread(recipients_of, rows)
    users = [row["user_id"] for row in recipients]
    messages = [row["message_id"] for row in recipients]
    await connection.execute(NOTE, users, messages)


def recipients_of(rows: list[Record]) -> list[Record]:
    said: dict[UUID, str] = {}
    return [row for row in rows if notifies(about(row, said))]


def about(row: Record, said: dict[UUID, str]) -> About:
    """`said`: the words of messages, each split once, for however many users."""
    message_id, _, *facts, keywords, text = row
    found = About(*facts)
    if keywords is None or found.mention is not None:
        return found
    if message_id not in said:
        said[message_id] = said_in(text)
    return found._replace(mention="keyword") if has_keyword(keywords, said[message_id]) else found
