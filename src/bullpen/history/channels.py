"""The messages of a channel or thread as of a moment."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from asyncpg import Record
from msgspec import UNSET, Meta, Struct, UnsetType

from bullpen.chat.message_sql import IN_CHANNEL, REACTED
from bullpen.chat.queries import (
    AuthorId,
    Files,
    PostedAt,
    Reaction,
    Reactions,
    Text,
    reactions,
)
from bullpen.files.queries import ATTACHED, files_of
from bullpen.kit.database import Reader
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.kit.instants import instant_json
from bullpen.kit.json_types import ChannelId, MessageId, Time
from bullpen.members.access import readable
from bullpen.members.actor import Actor

# `$3` is the moment, `$4` the message that the page ends before, `$5` the limit. What a message
# said is the text that was replaced first after the moment, else what it says now.
TEXT_THEN = """
LEFT JOIN LATERAL (
    SELECT e.text FROM earlier_texts e WHERE e.message_id = m.id AND e.replaced_at > $3
    ORDER BY e.replaced_at, e.id LIMIT 1
) past ON true
LEFT JOIN message_edits edit ON edit.message_id = m.id
"""
PAGE = """
    SELECT m.id, m.channel_id, m.user_id, COALESCE(past.text, m.text) AS text, m.created_at,
           past.text IS NULL AND COALESCE(edit.edited_at > $3, false) AS is_later_text,
           m.parent_message_id
    FROM messages m {text_then}
    WHERE {where} AND m.created_at <= $3
      AND ($4::uuid IS NULL OR (m.created_at, m.id) < (
          SELECT mark.created_at, mark.id FROM messages mark WHERE mark.id = $4
      ))
    ORDER BY m.created_at DESC, m.id DESC LIMIT $5
"""
WITH_DETAILS = """
SELECT p.id, p.channel_id, p.user_id, p.text, instant(p.created_at), p.is_later_text,
       p.parent_message_id, reacted.emoji, reacted.reactors,
       (SELECT count(*) FROM messages reply
        WHERE reply.parent_message_id = p.id AND reply.created_at <= $3),
       attached.files
FROM page p {attached} {reacted} ORDER BY p.created_at, p.id
"""


def statement(selected: str, where: str) -> str:
    """No row where the actor may not read; one row of nulls where there was nothing."""
    page = PAGE.format(text_then=TEXT_THEN, where=where)
    reacted = REACTED.replace("GROUP BY", "AND r.created_at <= $3 GROUP BY", 1)
    return f"""
WITH page AS MATERIALIZED (
    SELECT p.* FROM {selected} LEFT JOIN LATERAL ({page}) p ON true
    WHERE {readable("c")}
)
{WITH_DETAILS.format(reacted=reacted, attached=ATTACHED)}
"""


CHANNEL = statement(
    "(SELECT * FROM channels WHERE id = $2::text) c",
    f"m.channel_id = c.id AND {IN_CHANNEL}",
)
THREAD = statement(
    """messages root JOIN channels c ON c.id = root.channel_id AND root.id = $2::uuid
       AND root.created_at <= $3""",
    "m.parent_message_id = root.id",
)


class PastMessage(Struct, rename="camel", gc=False):
    """A message as it was at a moment."""

    id: MessageId
    channel_id: ChannelId
    user_id: AuthorId
    text: Text
    timestamp: PostedAt
    is_later_text: Annotated[
        bool,
        Meta(
            description="Whether it was edited after the moment and its earlier text is not known:"
            " `text` is then what it says now."
        ),
    ]
    reactions: Reactions
    thread_reply_count: Annotated[int, Meta(description="Number of replies at that moment.")]
    parent_message_id: (
        Annotated[UUID, Meta(description="Of a reply, the message that it replies to.")] | UnsetType
    ) = UNSET
    files: Files | UnsetType = UNSET


class PastMessages(Struct, rename="camel"):
    """A page of messages as of a moment. Messages that were deleted since are not in it."""

    at: Annotated[Time, Meta(description="The moment.")]
    messages: Annotated[list[PastMessage], Meta(description="Oldest first.")]
    has_older: Annotated[bool, Meta(description="Whether there are older messages.")]


async def channel_at(
    reader: Reader, actor: Actor, channel_id: str, at: datetime, before: UUID | None, limit: int
) -> PastMessages:
    """The newest messages of the channel's list at that moment, or those before a message."""
    rows = await reader.fetch(CHANNEL, actor.user_id, channel_id, at, before, limit + 1)
    return shown(rows, at, limit, ErrorCode.CHANNEL_NOT_FOUND)


async def thread_at(
    reader: Reader, actor: Actor, root_id: UUID, at: datetime, before: UUID | None, limit: int
) -> PastMessages:
    """The replies that a message had at that moment."""
    rows = await reader.fetch(THREAD, actor.user_id, root_id, at, before, limit + 1)
    return shown(rows, at, limit, ErrorCode.MESSAGE_NOT_FOUND)


def shown(rows: Sequence[Record], at: datetime, limit: int, missing: ErrorCode) -> PastMessages:
    if not rows:
        raise NotFound(missing)
    found = [] if rows[0][0] is None else [past_message(row) for row in rows]
    return PastMessages(at, found[-limit:], len(found) > limit)


def past_message(row: Record) -> PastMessage:
    (
        message_id, channel_id, user_id, text, time, is_later, parent,
        emoji, reactors, replies, files,
    ) = row  # fmt: skip
    used: list[Reaction] = reactions(emoji, reactors)
    return PastMessage(
        message_id,
        channel_id,
        user_id,
        text,
        instant_json(time),
        is_later,
        used,
        replies,
        UNSET if parent is None else parent,
        UNSET if files is None else files_of(files),
    )
