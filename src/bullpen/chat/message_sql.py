"""The SQL of the message pages. `$1` is the actor, as everywhere; `$2` the channel or root.

Each answers no row where the actor may not read (or the cursor is not there), and one row of
NULLs where there is nothing to show: not found and empty differ in one statement.
"""

from collections.abc import Callable
from functools import cache

from bullpen.events.durability import DURABLE
from bullpen.files.queries import ATTACHED
from bullpen.kit.pagination import Window
from bullpen.members.access import readable

# For all messages of the page at once, which costs Postgres two thirds of asking for each.
# Reactions as two parallel arrays in the order of use: grouping a handful is cheaper in Python.
REACTED = """
LEFT JOIN (
    SELECT r.message_id,
           array_agg(r.emoji ORDER BY r.created_at, r.id) AS emoji,
           array_agg(r.user_id ORDER BY r.created_at, r.id) AS reactors
    FROM reactions r WHERE r.message_id = ANY (ARRAY(SELECT id FROM page)) GROUP BY r.message_id
) reacted ON reacted.message_id = p.id
"""

# A message that only says why an agent does not answer is shown as a line of the system: it is no
# reply and not unread, and agents are not told of it.
COUNTED = "NOT EXISTS (SELECT FROM run_notices notice WHERE notice.message_id = m.id)"


# What the list of a channel shows: messages outside of threads, and replies that were also sent to
# the channel. Such a reply is unread in the channel only, never in its thread: it is counted once.
def also_in_channel(message: str) -> str:
    return f"EXISTS (SELECT FROM channel_replies also WHERE also.message_id = {message}.id)"


def in_channel(message: str) -> str:
    return f"({message}.parent_message_id IS NULL OR {also_in_channel(message)})"


# Of the message `m`.
ALSO_IN_CHANNEL = also_in_channel("m")
IN_CHANNEL = in_channel("m")


def listed(columns: str, channel: str, where: str, direction: str = "DESC", limit: int = 1) -> str:
    """The first messages `m` of a channel's list, each kind by the index of its own.

    So replies in it are ordered and bounded by the columns of `channel_replies`, which are those
    of the message.
    """
    first = f"ORDER BY m.created_at {direction}, m.id {direction} LIMIT {limit}"

    def of_also(sql: str) -> str:
        return sql.replace("m.created_at", "also.created_at").replace("m.id", "also.message_id")

    return f"""(
    SELECT * FROM (
        (SELECT {columns} FROM messages m
         WHERE m.channel_id = {channel} AND m.parent_message_id IS NULL {where} {first})
        UNION ALL
        (SELECT {columns} FROM channel_replies also JOIN messages m ON m.id = also.message_id
         WHERE also.channel_id = {channel} {of_also(where)} {of_also(first)})
    ) m {first}
)"""


# Characters that such a reply shows of the message that it replies to.
LONGEST_REPLIED_TO = 100

# What a root shows of its replies; `{roots}` are the ids of some messages. `thread_of`, which makes
# the same of one root for events, contains it too.
THREAD_SUMMARY = f"""
SELECT a.root_id, sum(a.replies)::int AS replies, max(a.last_at) AS last_at,
       array_agg(a.user_id ORDER BY a.first_at, a.user_id) AS participants
FROM (
    SELECT m.parent_message_id AS root_id, m.user_id, count(*) AS replies,
           min(m.created_at) AS first_at, max(m.created_at) AS last_at
    FROM messages m WHERE m.parent_message_id = ANY ({{roots}})
      AND {COUNTED}
    GROUP BY m.parent_message_id, m.user_id
) a
GROUP BY a.root_id
"""
THREADS = f"""
LEFT JOIN ({THREAD_SUMMARY.format(roots="ARRAY(SELECT id FROM page)")}) thread
ON thread.root_id = p.id
"""


# When each was edited, where it was.
EDITED = "LEFT JOIN message_edits edit ON edit.message_id = p.id"

# Who pinned each, and when.
PINNED = "LEFT JOIN message_pins pin ON pin.message_id = p.id"

# The pages that each links to, but for those that its author has removed.
PREVIEWED = """
LEFT JOIN (
    SELECT shown.message_id, jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'id', l.id, 'url', l.url, 'title', l.title, 'description', l.description,
        'siteName', l.site_name, 'picture', CASE WHEN l.picture IS NOT NULL THEN
            '/api/messages/' || shown.message_id || '/previews/' || l.id || '/picture' END
    )) ORDER BY shown.place, l.id)::text AS previews
    FROM message_previews shown JOIN link_previews l ON l.id = shown.preview_id
    WHERE shown.message_id = ANY (ARRAY(SELECT id FROM page)) AND NOT shown.is_removed
    GROUP BY shown.message_id
) previewed ON previewed.message_id = p.id
"""

# Runs that were cancelled before they answered each, unless the agent was asked again.
STOPPED = """
LEFT JOIN (
    SELECT r.trigger_message_id,
           array_agg(r.id::text ORDER BY r.agent_id COLLATE "C") AS run_ids,
           array_agg(r.agent_id ORDER BY r.agent_id COLLATE "C") AS agent_ids,
           array_agg(
               instant(COALESCE(r.completed_at, r.created_at)) ORDER BY r.agent_id COLLATE "C"
           ) AS stopped_at
    FROM runs r
    WHERE r.status = 'cancelled' AND r.trigger_message_id = ANY (ARRAY(SELECT id FROM page))
      AND NOT has_answered(r.id, r.channel_id)
      AND NOT EXISTS (
          SELECT FROM run_triggers t JOIN runs later ON later.id = t.run_id
          WHERE t.message_id = r.trigger_message_id
            AND later.trigger_message_id = r.trigger_message_id AND later.agent_id = r.agent_id
            AND (later.created_at, later.id) > (r.created_at, r.id)
      )
    GROUP BY r.trigger_message_id
) stopped ON stopped.trigger_message_id = p.id
"""


# Those that say why an agent does not answer.
NOTICED = """
LEFT JOIN (
    SELECT n.message_id, n.kind, p.run_id, d.problem
    FROM run_notices n JOIN run_posts p ON p.message_id = n.message_id
    LEFT JOIN run_details d ON d.run_id = p.run_id
    WHERE n.message_id = ANY (ARRAY(SELECT id FROM page))
) noticed ON noticed.message_id = p.id
"""
LATER = """
instant(edit.edited_at), stopped.run_ids, stopped.agent_ids, stopped.stopped_at,
noticed.kind, noticed.run_id, noticed.problem, attached.files,
instant(pin.pinned_at), pin.pinned_by,
CASE WHEN p.parent_message_id IS NOT NULL THEN (
    SELECT replied_to(p.parent_message_id)::text FROM channel_replies also
    WHERE also.message_id = p.id
) END, previewed.previews
"""
MESSAGE = f"""
p.id, p.channel_id, p.user_id, p.text, instant(p.created_at), {LATER},
reacted.emoji, reacted.reactors, thread.replies, thread.participants, instant(thread.last_at),
p.parent_message_id
"""


def with_details(page: str) -> str:
    """Messages, given by a statement with their columns, and all that is shown of them."""
    return f"""
WITH page AS MATERIALIZED ({page})
SELECT {MESSAGE}
FROM page p {EDITED} {PINNED} {STOPPED} {NOTICED} {ATTACHED} {PREVIEWED} {REACTED} {THREADS}
ORDER BY p.created_at, p.id
"""


COLUMNS = "m.id, m.channel_id, m.user_id, m.text, m.created_at, m.parent_message_id"


Part = Callable[[str, str, int], str]
"""The first messages in a direction, of those that a condition is about."""


def list_part(where: str, direction: str, limit: int) -> str:
    """Of the list of the channel `c`."""
    return listed(COLUMNS, "c.id", where, direction, limit)


def replies_part(where: str, direction: str, limit: int) -> str:
    """Of the thread of `root`."""
    return f"""(
    SELECT m.id, root.id AS root_id, m.user_id, m.text, m.created_at, m.parent_message_id
    FROM messages m WHERE m.parent_message_id = root.id {where}
    ORDER BY m.created_at {direction}, m.id {direction} LIMIT {limit}
)"""


def portion(part: Part, window: Window) -> str:
    """What the window shows of the messages `m` that are meant; `mark` is at its cursor.

    The limit is written out: a plan that is made once for any limit would sort whole channels.
    """

    def beyond(comparison: str) -> str:
        return f"AND (m.created_at, m.id) {comparison} (mark.created_at, mark.id)"

    match window.side:
        case "newest":
            return part("", "DESC", window.limit + 1)
        case "before":
            return part(beyond("<"), "DESC", window.limit + 1)
        case "after":
            return part(beyond(">"), "ASC", window.limit + 1)
    before, after = window.halves
    earlier = part(beyond("<="), "DESC", before + 2)
    return f"({earlier} UNION ALL {part(beyond('>'), 'ASC', after + 1)})"


@cache
def channel_page(window: Window) -> str:
    mark = (
        ""
        if window.side == "newest"
        else f"""JOIN messages mark ON mark.id = $3 AND mark.channel_id = c.id
        AND {in_channel("mark")}"""
    )
    return with_details(f"""
    SELECT p.* FROM channels c {mark}
    LEFT JOIN LATERAL {portion(list_part, window)} p ON true
    WHERE c.id = $2 AND {readable("c")}
""")


@cache
def thread_page(window: Window) -> str:
    mark = (
        ""
        if window.side == "newest"
        else "JOIN messages mark ON mark.id = $3 AND mark.parent_message_id = root.id"
    )
    return f"""
WITH page AS MATERIALIZED (
    SELECT p.*
    FROM messages root JOIN channels c ON c.id = root.channel_id {mark}
    LEFT JOIN LATERAL {portion(replies_part, window)} p ON true
    WHERE root.id = $2 AND {readable("c")}
)
SELECT p.id, p.root_id, p.user_id, p.text, instant(p.created_at), {LATER},
       reacted.emoji, reacted.reactors
FROM page p {EDITED} {PINNED} {STOPPED} {NOTICED} {ATTACHED} {PREVIEWED} {REACTED}
ORDER BY p.created_at, p.id
"""


SOME_MESSAGES = with_details(
    f"""
    SELECT {COLUMNS} FROM messages m JOIN channels c ON c.id = m.channel_id
    WHERE m.id = ANY ($2::uuid[]) AND {readable("c")}
"""
)

# The number of the newest event that the counts take account of: exactly, being read with them.
# Somebody who never opened a channel has all of it unread as its member, and nothing otherwise.
UNREADS = f"""
WITH durable AS MATERIALIZED ({DURABLE})
SELECT COALESCE((SELECT max(id) FROM events), (SELECT last_value FROM events_id_seq)), counts.*
FROM durable
LEFT JOIN (
SELECT c.id, unread.messages
FROM channels c
LEFT JOIN read_cursors cursor ON cursor.channel_id = c.id AND cursor.user_id = $1
CROSS JOIN LATERAL (
    SELECT count(*) AS messages FROM (
        SELECT m.* FROM messages m WHERE m.channel_id = c.id AND m.parent_message_id IS NULL
        UNION ALL
        SELECT m.* FROM channel_replies also JOIN messages m ON m.id = also.message_id
        WHERE also.channel_id = c.id
    ) m
    WHERE m.user_id <> $1 AND {COUNTED} AND (cursor.user_id IS NULL
           OR (m.created_at, m.id) > (cursor.created_at, cursor.message_id))
) unread
WHERE {readable("c")} AND unread.messages > 0 AND ($2::text IS NULL OR c.id = $2)
  AND (cursor.user_id IS NOT NULL OR EXISTS (
      SELECT FROM channel_members mine WHERE mine.channel_id = c.id AND mine.user_id = $1
  ))
) counts ON true
ORDER BY counts.id
"""

# Unread messages that mention the actor, counted like those of UNREADS.
UNREAD_MENTIONS = f"""
SELECT c.id, unread.messages
FROM channels c
LEFT JOIN read_cursors cursor ON cursor.channel_id = c.id AND cursor.user_id = $1
CROSS JOIN LATERAL (
    SELECT count(*) AS messages FROM mentions m
    WHERE m.user_id = $1 AND m.channel_id = c.id AND m.message_id = m.root_id
      AND (cursor.user_id IS NULL
           OR (m.created_at, m.message_id) > (cursor.created_at, cursor.message_id))
) unread
WHERE {readable("c")} AND unread.messages > 0
  AND (cursor.user_id IS NOT NULL OR EXISTS (
      SELECT FROM channel_members mine WHERE mine.channel_id = c.id AND mine.user_id = $1
  ))
"""
UNREAD_MENTIONS_IN_CHANNEL = f"{UNREAD_MENTIONS} AND c.id = $2"


def takes_part(user: str = "$1") -> str:
    """Whether a user, given as SQL, follows the thread that `root` began: as they chose, or because
    they began it, replied in it or are mentioned in it by name."""
    return f"""COALESCE(
    (SELECT chosen.is_followed FROM thread_follows chosen
     WHERE chosen.user_id = {user} AND chosen.root_id = root.id),
    root.user_id = {user} OR EXISTS (
        SELECT FROM messages own WHERE own.parent_message_id = root.id AND own.user_id = {user}
    ) OR EXISTS (
        SELECT FROM mentions named
        WHERE named.root_id = root.id AND named.user_id = {user}
          AND NOT is_of_group(named.message_id, named.user_id)
    )
)"""


# Of the actor.
TAKES_PART = takes_part()
# Threads that the actor follows in channels that they are in. With the first reply, each has a
# cursor.
FOLLOWED_THREADS = """
thread_cursors cursor
JOIN messages root ON root.id = cursor.root_id
JOIN channel_members mine ON mine.channel_id = root.channel_id AND mine.user_id = $1
"""
FOLLOWS = f"cursor.user_id = $1 AND {TAKES_PART}"

# Those of them with replies of others after the actor's cursor.
UNREAD_REPLIES = f"""
SELECT root.id, root.channel_id, unread.replies, instant(cursor.created_at) AS read_at,
       cursor.message_id
FROM {FOLLOWED_THREADS}
CROSS JOIN LATERAL (
    SELECT count(*) AS replies FROM messages m
    WHERE m.parent_message_id = root.id AND m.user_id <> $1 AND NOT {ALSO_IN_CHANNEL} AND {COUNTED}
      AND (m.created_at, m.id) > (cursor.created_at, cursor.message_id)
) unread
WHERE {FOLLOWS} AND unread.replies > 0
"""
# The number is exact, as that of UNREADS.
UNREAD_THREADS = f"""
WITH durable AS MATERIALIZED ({DURABLE})
SELECT COALESCE((SELECT max(id) FROM events), (SELECT last_value FROM events_id_seq)), counts.*
FROM durable
LEFT JOIN ({UNREAD_REPLIES} AND ($2::uuid IS NULL OR root.id = $2)) counts ON true
ORDER BY counts.id
"""
# What is unread in the actor's inbox, apart from threads: a mention in a reply belongs to its
# thread.
UNREAD_REACTIONS = "(r.read_at IS NULL OR r.read_at < r.reacted_at)"
INBOX_UNREAD = f"""
SELECT (
    SELECT COALESCE(sum(unread.mentions), 0)::int
    FROM channels c
    LEFT JOIN read_cursors cursor ON cursor.channel_id = c.id AND cursor.user_id = $1
    CROSS JOIN LATERAL (
        SELECT count(*) AS mentions FROM mentions m
        WHERE m.user_id = $1 AND m.channel_id = c.id AND m.message_id = m.root_id
          AND (cursor.user_id IS NULL
              OR (m.created_at, m.message_id) > (cursor.created_at, cursor.message_id))
          AND NOT EXISTS (
              SELECT FROM mention_marks mark
              WHERE mark.message_id = m.message_id AND mark.user_id = $1
          )
    ) unread
    WHERE {readable("c")}
) + (
    SELECT count(*) FROM mention_marks mark JOIN mentions m USING (message_id, user_id)
    JOIN channels c ON c.id = m.channel_id
    WHERE mark.user_id = $1 AND NOT mark.is_read AND {readable("c")}
) AS mentions, (
    SELECT count(*) FROM reacted_messages r JOIN channels c ON c.id = r.channel_id
    WHERE r.user_id = $1 AND {UNREAD_REACTIONS} AND {readable("c")}
) AS reactions
"""
# All at once, so that one number holds for all.
SIDEBAR = f"""
WITH durable AS MATERIALIZED ({DURABLE})
SELECT COALESCE((SELECT max(id) FROM events), (SELECT last_value FROM events_id_seq)),
       mentions.counts, threads.counts, preferences.chosen, inbox.mentions, inbox.reactions,
       follows.chosen,
       (SELECT json_build_object('sections', sections, 'isUnreadOnly', is_unread_only)
        FROM sidebar_layouts WHERE user_id = $1),
       (SELECT json_build_object(
            'pausedUntil', instant(paused_until), 'quietFrom', quiet_from,
            'quietUntil', quiet_until, 'isSilent', is_silent, 'digest',
            COALESCE((SELECT rhythm FROM digest_rhythms WHERE user_id = $1), 'daily'),
            'keywords', COALESCE((SELECT keywords FROM notification_keywords
                WHERE user_id = $1), '{{}}')
        ) FROM notification_settings WHERE user_id = $1)
FROM durable
CROSS JOIN (SELECT json_object_agg(id, messages ORDER BY id) AS counts
    FROM ({UNREAD_MENTIONS}) found) mentions
CROSS JOIN (SELECT json_agg(found ORDER BY id) AS counts
    FROM ({UNREAD_REPLIES}) found) threads
CROSS JOIN (SELECT json_object_agg(channel_id, json_strip_nulls(json_build_object(
        'isMuted', COALESCE(p.is_muted, false), 'isStarred', COALESCE(p.is_starred, false),
        'notifies', n.level
    )) ORDER BY channel_id) AS chosen
    FROM (SELECT * FROM channel_preferences
        WHERE user_id = $1 AND (is_muted OR is_starred)) p
    FULL JOIN (SELECT * FROM channel_notifications WHERE user_id = $1) n
        USING (channel_id)) preferences
CROSS JOIN ({INBOX_UNREAD}) inbox
CROSS JOIN (SELECT json_object_agg(chosen.root_id, json_build_object(
        'channelId', root.channel_id, 'isFollowed', chosen.is_followed
    ) ORDER BY chosen.root_id) AS chosen
    FROM thread_follows chosen JOIN messages root ON root.id = chosen.root_id
    JOIN channel_members mine ON mine.channel_id = root.channel_id AND mine.user_id = $1
    WHERE chosen.user_id = $1) follows
"""
