"""The SQL of a user's inbox. `$1` is the actor.

Each kind of item is a statement that answers its key, its time, the message that it shows, and
whether it is unread; a page is the newest of all of them. The limit and what is wanted are written
out, so that each page has a plan that reads no more than it shows.
"""

from functools import cache
from typing import Literal, NamedTuple

from bullpen.chat.message_sql import (
    ALSO_IN_CHANNEL,
    COUNTED,
    FOLLOWED_THREADS,
    FOLLOWS,
    UNREAD_REACTIONS,
)
from bullpen.members.access import readable

Kind = Literal["thread", "mention", "reaction"]
KINDS: tuple[Kind, ...] = ("thread", "mention", "reaction")
LONGEST_TEXT = 300

NEWEST_REPLY = f"""
SELECT m.id, m.created_at FROM messages m
WHERE m.parent_message_id = root.id AND m.user_id <> $1 AND {COUNTED}
ORDER BY m.created_at DESC, m.id DESC LIMIT 1
"""
# One that is also in the channel is read there.
UNREAD_REPLY = f"""((newest.created_at, newest.id) > (cursor.created_at, cursor.message_id)
AND EXISTS (
    SELECT FROM messages m
    WHERE m.parent_message_id = root.id AND m.user_id <> $1 AND NOT {ALSO_IN_CHANNEL} AND {COUNTED}
      AND (m.created_at, m.id) > (cursor.created_at, cursor.message_id)
))"""
# As its channel says, or the mark that was set in the inbox; in a thread, as the thread says.
UNREAD_MENTION = """(CASE WHEN m.message_id = m.root_id THEN COALESCE(
    NOT mark.is_read,
    cursor.user_id IS NULL
        OR (m.created_at, m.message_id) > (cursor.created_at, cursor.message_id)
) ELSE COALESCE(
    (m.created_at, m.message_id) > (followed.created_at, followed.message_id), false
) END)"""
MENTIONED = """
mentions m JOIN channels c ON c.id = m.channel_id
LEFT JOIN mention_marks mark ON mark.message_id = m.message_id AND mark.user_id = m.user_id
LEFT JOIN read_cursors cursor
    ON m.message_id = m.root_id AND cursor.channel_id = m.channel_id AND cursor.user_id = $1
LEFT JOIN thread_cursors followed
    ON m.message_id <> m.root_id AND followed.root_id = m.root_id AND followed.user_id = $1
"""


class Source(NamedTuple):
    """Where the items of a kind are, and their columns."""

    rows: str
    where: str
    key: str
    at: str
    message_id: str
    unread: str


SOURCES: dict[Kind, Source] = {
    "thread": Source(
        f"""{FOLLOWED_THREADS} JOIN channels c ON c.id = root.channel_id
        CROSS JOIN LATERAL ({NEWEST_REPLY}) newest""",
        FOLLOWS,
        "root.id",
        "newest.created_at",
        "newest.id",
        UNREAD_REPLY,
    ),
    "mention": Source(
        MENTIONED, "m.user_id = $1", "m.message_id", "m.created_at", "m.message_id", UNREAD_MENTION
    ),
    "reaction": Source(
        "reacted_messages r JOIN channels c ON c.id = r.channel_id",
        "r.user_id = $1",
        "r.message_id",
        "r.reacted_at",
        "r.message_id",
        UNREAD_REACTIONS,
    ),
}


class Wanted(NamedTuple):
    """What a page is of. `kind` None: all, where a mention in a reply is part of its thread."""

    kind: Kind | None
    unread_only: bool
    continues: bool
    limit: int


def part(kind: Kind, wanted: Wanted) -> str:
    source = SOURCES[kind]
    where = [source.where, readable("c")]
    if kind == "mention" and wanted.kind is None:
        where.append("m.message_id = m.root_id")
    if wanted.unread_only:
        where.append(source.unread)
    if wanted.continues:
        where.append(f"({source.at}, {source.key}, '{kind}') < ($2::timestamptz, $3::uuid, $4)")
    return f"""(
    SELECT '{kind}' AS kind, {source.key} AS key, {source.at} AS at,
           {source.message_id} AS message_id, {source.unread} AS is_unread
    FROM {source.rows} WHERE {" AND ".join(where)}
    ORDER BY {source.at} DESC, {source.key} DESC LIMIT {wanted.limit + 1}
)"""


@cache
def inbox_page(wanted: Wanted) -> str:
    """With one item more than the limit, where there is one; `$2` to `$4` are the last place."""
    kinds = KINDS if wanted.kind is None else (wanted.kind,)
    newest = "ORDER BY listed.at DESC, listed.key DESC, listed.kind DESC"
    return f"""
WITH page AS MATERIALIZED (
    SELECT * FROM ({" UNION ALL ".join(part(kind, wanted) for kind in kinds)}) listed
    {newest} LIMIT {wanted.limit + 1}
)
SELECT listed.kind, listed.key, listed.at, instant(listed.at) AS timestamp, listed.is_unread,
       said.id, said.channel_id, said.parent_message_id, said.user_id,
       left(said.text, {LONGEST_TEXT}) AS text, root.user_id AS root_user_id,
       unread.replies, COALESCE(unread.is_mention, false) AS is_mention,
       reacted.emoji, reacted.reactors
FROM page listed JOIN messages said ON said.id = listed.message_id
LEFT JOIN messages root ON root.id = said.parent_message_id
LEFT JOIN LATERAL (
    SELECT count(*)::int AS replies, bool_or(named.user_id IS NOT NULL) AS is_mention
    FROM thread_cursors cursor JOIN messages m ON m.parent_message_id = cursor.root_id
    LEFT JOIN mentions named ON named.message_id = m.id AND named.user_id = $1
    WHERE listed.kind = 'thread' AND listed.is_unread
      AND cursor.root_id = listed.key AND cursor.user_id = $1 AND m.user_id <> $1
      AND NOT {ALSO_IN_CHANNEL} AND {COUNTED}
      AND (m.created_at, m.id) > (cursor.created_at, cursor.message_id)
) unread ON true
LEFT JOIN LATERAL (
    SELECT array_agg(r.emoji ORDER BY r.created_at, r.id) AS emoji,
           array_agg(r.user_id ORDER BY r.created_at, r.id) AS reactors
    FROM reactions r
    WHERE listed.kind = 'reaction' AND r.message_id = listed.key AND r.user_id <> $1
) reacted ON true
{newest}
"""


# Changes. Cursors of threads only while holding the log lock, all else before it.
KEEP_MARK = """
ON CONFLICT (message_id, user_id) DO UPDATE SET is_read = EXCLUDED.is_read
"""
MARK_MENTION = f"""
INSERT INTO mention_marks (message_id, user_id, is_read)
SELECT message_id, user_id, $3 FROM mentions
WHERE message_id = $2 AND user_id = $1 AND message_id = root_id
{KEEP_MARK} RETURNING 1
"""
MARK_REACTIONS = """
UPDATE reacted_messages SET read_at = CASE WHEN $3 THEN reacted_at END
WHERE message_id = $2 AND user_id = $1 RETURNING 1
"""
# That is unread in the thread, once it is marked so.
NEWEST_REPLY_OF_OTHERS = f"""
SELECT m.id FROM messages m
WHERE m.parent_message_id = $2 AND m.user_id <> $1 AND NOT {ALSO_IN_CHANNEL} AND {COUNTED}
ORDER BY m.created_at DESC, m.id DESC LIMIT 1
"""
MARK_ALL_MENTIONS = f"""
INSERT INTO mention_marks (message_id, user_id, is_read)
SELECT m.message_id, m.user_id, true FROM {MENTIONED}
WHERE m.user_id = $1 AND m.message_id = m.root_id AND {readable("c")} AND {UNREAD_MENTION}
{KEEP_MARK} RETURNING 1
"""
MARK_ALL_REACTIONS = f"""
UPDATE reacted_messages r SET read_at = r.reacted_at
FROM channels c
WHERE r.user_id = $1 AND {UNREAD_REACTIONS} AND c.id = r.channel_id AND {readable("c")} RETURNING 1
"""
# With `$2`, only threads where the actor is mentioned in an unread reply.
MARK_ALL_THREADS = f"""
UPDATE thread_cursors SET created_at = unread.created_at, message_id = unread.id
FROM (
    SELECT cursor.root_id, root.channel_id, newest.id, newest.created_at
    FROM {FOLLOWED_THREADS} CROSS JOIN LATERAL ({NEWEST_REPLY}) newest
    WHERE {FOLLOWS} AND {UNREAD_REPLY} AND (NOT $2::boolean OR EXISTS (
        SELECT FROM mentions named WHERE named.root_id = root.id AND named.user_id = $1
          AND (named.created_at, named.message_id) > (cursor.created_at, cursor.message_id)
    ))
) unread
WHERE thread_cursors.root_id = unread.root_id AND thread_cursors.user_id = $1
RETURNING unread.channel_id, thread_cursors.root_id, instant(thread_cursors.created_at),
          thread_cursors.message_id
"""
# What a later cursor of the channel decides again.
FORGET_MARKS = """
DELETE FROM mention_marks mark USING messages first, mentions m
WHERE first.id = $2 AND mark.user_id = $1 AND mark.is_read
  AND m.message_id = mark.message_id AND m.user_id = $1 AND m.channel_id = first.channel_id
  AND (m.created_at, m.message_id) >= (first.created_at, first.id)
"""
# A user who leaves a channel has nothing unread in it.
SETTLE_MENTIONS = f"""
INSERT INTO mention_marks (message_id, user_id, is_read)
SELECT message_id, user_id, true FROM mentions
WHERE user_id = $1 AND channel_id = $2 AND message_id = root_id
{KEEP_MARK}
"""
SETTLE_REACTIONS = "UPDATE reacted_messages SET read_at = reacted_at WHERE message_id = ANY ($1)"
