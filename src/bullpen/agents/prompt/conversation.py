"""What an agent has before it: the channel or thread, who is in it, and what was said last.

By two statements on indexes: they take no longer where a hundred thousand messages lie behind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from bullpen.chat.message_sql import COUNTED, listed
from bullpen.files.excerpts import TEXT_TYPES, whole_characters
from bullpen.files.model_pictures import ModelPicture
from bullpen.files.pdf_texts import PDF, PROBLEMS
from bullpen.kit.database import Reader, fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.members.access import readable
from bullpen.members.actor import Actor

SHOWN = 20
# Of triggers that are older than what is shown.
MOST_TRIGGERS = 20
LONGEST_TEXT = 4_000
MOST_MEMBERS = 50
# Of the beginning of a text file, in bytes, and of how many files of one message.
LONGEST_FILE = 4_000
MOST_FILES = 5


@dataclass(frozen=True, slots=True)
class Location:
    """Where a run takes place: nowhere, in a channel, or in the thread that a message began."""

    channel_id: str | None = None
    thread_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """Why an agent is asked. `depth`: how many turns of agents lie between a person and it."""

    trigger_ids: Sequence[UUID] = ()
    scheduled: str | None = None
    depth: int = 0
    # Of these messages, where the model sees pictures.
    pictures: Sequence[ModelPicture] = ()


@dataclass(frozen=True, slots=True)
class Member:
    id: str
    name: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file of a message: `text` is its beginning, where it is text or a PDF that was read."""

    id: UUID
    name: str
    media_type: str
    size: int
    text: str | None
    is_cut: bool
    # Why a PDF has no text.
    problem: str | None
    # Of a picture.
    width: int | None
    height: int | None

    @property
    def is_unread(self) -> bool:
        """Whether the tool `read_file` finds out what is in it."""
        return self.media_type == PDF and self.text is None and self.problem is None


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """One message, as it is shown to the agent."""

    id: UUID
    thread_id: UUID | None
    user_id: str
    name: str
    at: datetime
    text: str
    is_cut: bool
    reactions: dict[str, int]
    has_thread: bool
    # Written by an agent's run, not by a person.
    is_of_run: bool
    files: Sequence["ShownFile"] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    channel_id: str
    name: str
    kind: str
    topic: str
    thread_id: UUID | None
    # At most `MOST_MEMBERS` of them, in the order of joining; an agent may read without being one.
    members: Sequence[Member]
    member_count: int
    messages: Sequence[ShownMessage]
    # All handles, each with whether the agent is in the group.
    user_groups: Mapping[str, bool] = field(default_factory=dict)


CHANNEL = f"""
SELECT c.id, c.name, c.kind, c.topic,
       (SELECT count(*) FROM channel_members m WHERE m.channel_id = c.id),
       ARRAY(
           SELECT ARRAY[u.id, u.display_name, u.title, u.kind]
           FROM channel_members m JOIN users u ON u.id = m.user_id AND u.is_active
           WHERE m.channel_id = c.id ORDER BY m.id LIMIT {MOST_MEMBERS}
       ),
       ARRAY(SELECT handle FROM user_groups ORDER BY handle),
       ARRAY(
           SELECT g.handle FROM user_group_members m JOIN user_groups g ON g.id = m.group_id
           WHERE m.user_id = $1
       )
FROM channels c WHERE c.id = $2 AND {readable("c")}
"""

COLUMNS = "m.id, m.parent_message_id, m.user_id, m.text, m.created_at"
RECENT_IN_CHANNEL = f"""
SELECT {COLUMNS} FROM {listed("m.*", "$2", f"AND $4::uuid IS NULL AND {COUNTED}", limit=SHOWN)} m
"""
RECENT_IN_THREAD = f"""
SELECT {COLUMNS} FROM messages m
WHERE m.parent_message_id = $4 AND m.channel_id = $2 AND {COUNTED}
ORDER BY m.created_at DESC, m.id DESC LIMIT {SHOWN - 1}
"""
# With the message that the thread began with, and what is to be answered, wherever it stands.
NAMED = f"""
SELECT {COLUMNS} FROM messages m
WHERE m.channel_id = $2 AND (m.id = ANY ($3::uuid[]) OR m.id = $4)
"""


def messages(recent: str) -> str:
    return f"""
WITH shown AS MATERIALIZED (({recent}) UNION ({NAMED}))
SELECT s.id, s.parent_message_id, s.user_id, COALESCE(u.display_name, s.user_id), s.created_at,
       left(s.text, {LONGEST_TEXT}), char_length(s.text) > {LONGEST_TEXT},
       ARRAY(
           SELECT ARRAY[r.emoji, count(*)::text] FROM reactions r WHERE r.message_id = s.id
           GROUP BY r.emoji ORDER BY min(r.created_at), r.emoji LIMIT 20
       ),
       EXISTS (SELECT FROM messages reply WHERE reply.parent_message_id = s.id),
       EXISTS (SELECT FROM run_posts p WHERE p.message_id = s.id),
       ARRAY(
           SELECT (f.id, f.name, f.media_type, f.size,
               CASE WHEN f.media_type IN {TEXT_TYPES} THEN (
                   SELECT substring(k.content FROM 1 FOR {LONGEST_FILE}) FROM file_chunks k
                   WHERE k.file_id = f.id AND k.place = 0
               ) ELSE substring(t.content FROM 1 FOR {LONGEST_FILE}) END,
               COALESCE(octet_length(t.content), f.size) > {LONGEST_FILE},
               t.problem, f.width, f.height)
           FROM files f LEFT JOIN file_texts t ON t.file_id = f.id
           WHERE f.message_id = s.id ORDER BY f.place LIMIT {MOST_FILES}
       )
FROM shown s LEFT JOIN users u ON u.id = s.user_id
WHERE EXISTS (SELECT FROM channels c WHERE c.id = $2 AND {readable("c")})
ORDER BY s.created_at, s.id
"""


CHANNEL_MESSAGES = messages(RECENT_IN_CHANNEL)
THREAD_MESSAGES = messages(RECENT_IN_THREAD)


async def read_conversation(
    reader: Reader, actor: Actor, location: Location, trigger: Trigger
) -> Conversation | None:
    """None: the run takes place nowhere."""
    if location.channel_id is None:
        return None
    channel = await fetch_one(reader, CHANNEL, actor.user_id, location.channel_id)
    if channel is None:
        raise NotFound(ErrorCode.CHANNEL_NOT_FOUND)
    sql = CHANNEL_MESSAGES if location.thread_id is None else THREAD_MESSAGES
    triggers = list(trigger.trigger_ids)[-MOST_TRIGGERS:]
    rows = await reader.fetch(sql, actor.user_id, location.channel_id, triggers, location.thread_id)
    if location.thread_id is not None and all(row["id"] != location.thread_id for row in rows):
        raise NotFound(ErrorCode.MESSAGE_NOT_FOUND)
    channel_id, name, kind, topic, count, members, handles, own_handles = channel
    return Conversation(
        channel_id,
        name,
        kind,
        topic,
        location.thread_id,
        [Member(*member) for member in members],
        count,
        [shown_message(row) for row in rows],
        {handle: handle in own_handles for handle in handles},
    )


def shown_message(row: Record) -> ShownMessage:
    *written, reactions, has_thread, is_of_run, files = row
    counts = {emoji: int(count) for emoji, count in reactions}
    values: list[Any] = [*written, counts, has_thread, is_of_run, list(map(shown_file, files))]
    return ShownMessage(*values)


def shown_file(row: Sequence[Any]) -> ShownFile:
    file_id, name, media_type, size, content, is_cut, problem, width, height = row
    text = None if content is None else whole_characters(content)[0]
    words = None if problem is None else PROBLEMS[problem]
    return ShownFile(file_id, name, media_type, size, text, is_cut, words, width, height)
