"""The notice of a message for a browser, built when it is sent: only of what its user may read and
has not read yet, outside of their do-not-disturb hours."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote
from uuid import UUID

from asyncpg import Record
from msgspec import Struct, json

from bullpen.chat.message_sql import ALSO_IN_CHANNEL
from bullpen.kit.database import Reader
from bullpen.kit.zones import find_zone
from bullpen.members.access import readable
from bullpen.members.kinds import is_direct
from bullpen.members.notifying import NotificationSettings
from bullpen.push.noting import LONGEST_MINUTES
from bullpen.push.rule import is_quiet

MOST_SHOWN = 160
LONGEST_NAME = 80
# Push services take a topic of up to 32 letters: of a conversation they keep the newest notice.
TOPIC_BYTES = 24


def is_read(user: str) -> str:
    """Whether a user, given as SQL, has read a message `m`: by the cursor of its channel or thread,
    as `chat/message_sql.py` and the inbox have it."""
    return f"""(CASE WHEN m.parent_message_id IS NULL OR {ALSO_IN_CHANNEL} THEN EXISTS (
    SELECT FROM read_cursors cursor
    WHERE cursor.user_id = {user} AND cursor.channel_id = m.channel_id
      AND (cursor.created_at, cursor.message_id) >= (m.created_at, m.id)
) OR EXISTS (
    SELECT FROM mention_marks mark
    WHERE mark.user_id = {user} AND mark.message_id = m.id AND mark.is_read
) ELSE EXISTS (
    SELECT FROM thread_cursors cursor
    WHERE cursor.user_id = {user} AND cursor.root_id = m.parent_message_id
      AND (cursor.created_at, cursor.message_id) >= (m.created_at, m.id)
) END)"""


# Of each conversation the newest message: a notice takes the place of the one before.
PENDING = f"""
SELECT DISTINCT ON (c.id)
       m.id, left(m.text, 2000) AS text, m.parent_message_id, c.id AS channel_id, c.kind, c.name,
       (SELECT count(*) FROM channel_members member WHERE member.channel_id = c.id) AS members,
       author.display_name, COALESCE(p.time_zone, s.time_zone) AS time_zone,
       n.paused_until, n.quiet_from, n.quiet_until, COALESCE(n.is_silent, false) AS is_silent
FROM push_deliveries d
JOIN push_subscriptions s ON s.id = d.subscription_id
JOIN messages m ON m.id = d.message_id
JOIN channels c ON c.id = m.channel_id
JOIN users author ON author.id = m.user_id
LEFT JOIN people p ON p.id = s.user_id
LEFT JOIN notification_settings n ON n.user_id = s.user_id
WHERE d.subscription_id = $1 AND d.message_id = ANY ($2)
  AND m.created_at > now() - interval '{LONGEST_MINUTES} minutes'
  AND NOT {is_read("s.user_id")} AND {readable("c", "s.user_id")}
ORDER BY c.id, m.created_at DESC, m.id DESC
"""


class Notice(Struct, rename="camel"):
    """What the service worker shows (`client/push/service-worker.js`)."""

    title: str
    body: str
    address: str
    tag: str
    is_silent: bool


class Pending(NamedTuple):
    message_id: UUID
    topic: str
    content: bytes


async def pending_notices(
    reader: Reader, subscription_id: UUID, message_ids: Sequence[UUID]
) -> list[Pending]:
    rows = await reader.fetch(PENDING, subscription_id, message_ids)
    now = datetime.now(UTC)
    return [pending(row) for row in rows if not rests(row, now)]


def rests(row: Record, now: datetime) -> bool:
    settings = NotificationSettings(
        row["paused_until"], row["quiet_from"], row["quiet_until"], row["is_silent"]
    )
    clock = now.astimezone(find_zone(row["time_zone"]) or UTC).strftime("%H:%M")
    return is_quiet(settings, now, clock)


def pending(row: Record) -> Pending:
    notice = Notice(
        title_of(row),
        shortened(row["text"], MOST_SHOWN),
        address_of(row),
        # As windows have it, so that the two take each other's place.
        f"bullpen {row['channel_id']}",
        row["is_silent"],
    )
    digest = hashlib.sha256(row["channel_id"].encode()).digest()[:TOPIC_BYTES]
    topic = base64.urlsafe_b64encode(digest).decode()
    return Pending(row["id"], topic, json.encode(notice))


def title_of(row: Record) -> str:
    """As `noticeOf` in `client/shell/notification-content.js`."""
    author = shortened(row["display_name"], LONGEST_NAME)
    match row["kind"]:
        case "dm":
            return author
        case "group_dm":
            others = row["members"] - 2
            return f"{author} to you and {others} {'other' if others == 1 else 'others'}"
        case _:
            return f"{author} in #{shortened(row['name'], LONGEST_NAME)}"


def shortened(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most]}…"


def address_of(row: Record) -> str:
    """As `addressOf` in `client/core/addresses.js`."""
    base = f"/{'d' if is_direct(row['kind']) else 'c'}/{quote(row['channel_id'], safe='')}"
    thread = f"/t/{row['parent_message_id']}" if row["parent_message_id"] else ""
    return f"{base}{thread}/m/{row['id']}"
