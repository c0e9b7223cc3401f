"""What concerns a user in particular: replies in threads that they follow, mentions, reactions."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from asyncpg import Record
from msgspec import UNSET, Meta, Struct, UnsetType

from bullpen.chat import inbox_sql
from bullpen.chat.inbox_sql import Kind, Wanted
from bullpen.chat.message_sql import INBOX_UNREAD
from bullpen.chat.queries import InboxUnread, Reaction, reactions
from bullpen.kit.database import Reader, fetch_one
from bullpen.kit.fulltext import decode_cursor, encode_cursor
from bullpen.kit.instants import instant_json
from bullpen.kit.json_types import ChannelId, RawTime, UserId
from bullpen.members.actor import Actor


class InboxItem(Struct, rename="camel", gc=False):
    """A thread with replies of others, a mention, or a message with reactions of others."""

    kind: Annotated[
        Kind,
        Meta(
            description="`thread`: others replied in a thread that the current user follows."
            " `mention`: a message mentions them. `reaction`: others reacted to one of theirs."
        ),
    ]
    id: Annotated[
        UUID, Meta(description="Of a thread, its first message; otherwise as `messageId`.")
    ]
    channel_id: ChannelId
    message_id: Annotated[
        UUID, Meta(description="The message to show: of a thread, the newest reply of others.")
    ]
    user_id: Annotated[UserId, Meta(description="Its author.")]
    text: Annotated[str, Meta(description="The first 300 characters of its Markdown.")]
    timestamp: Annotated[
        RawTime, Meta(description="When it was posted, or when somebody last reacted to it.")
    ]
    is_unread: Annotated[bool, Meta(description="Whether it is unread.")]
    parent_message_id: (
        Annotated[
            UUID, Meta(description="The first message of its thread. Left out outside of threads.")
        ]
        | UnsetType
    ) = UNSET
    root_user_id: (
        Annotated[UserId, Meta(description="Who began the thread. Left out outside of threads.")]
        | UnsetType
    ) = UNSET
    unread_count: (
        Annotated[
            int, Meta(description="Unread replies of others. Left out of all but unread threads.")
        ]
        | UnsetType
    ) = UNSET
    is_mention: (
        Annotated[
            bool,
            Meta(
                description="True for a thread in which an unread reply mentions the current user."
                " Left out otherwise."
            ),
        ]
        | UnsetType
    ) = UNSET
    reactions: (
        Annotated[
            list[Reaction],
            Meta(description="Those of others. Left out of all but reactions."),
        ]
        | UnsetType
    ) = UNSET


class InboxPage(Struct, rename="camel"):
    """Items of the inbox, newest first."""

    items: Annotated[list[InboxItem], Meta(description="The items, newest first.")]
    next_cursor: Annotated[
        str | None, Meta(description="Pass as `before` for older items. Null on the last page.")
    ]


class Place(Struct, array_like=True, forbid_unknown_fields=True):
    """Of an item, in the order of the list."""

    at: datetime
    key: UUID
    kind: Kind


async def list_inbox(
    reader: Reader,
    actor: Actor,
    *,
    kind: Kind | None = None,
    unread_only: bool = False,
    before: str | None = None,
    limit: int = 30,
) -> InboxPage:
    """Of channels that the actor can read. Without a kind, all: a mention in a reply is then part
    of its thread."""
    place = None if before is None else decode_cursor(before, Place)
    sql = inbox_sql.inbox_page(Wanted(kind, unread_only, place is not None, limit))
    after = () if place is None else (place.at, place.key, place.kind)
    rows = await reader.fetch(sql, actor.user_id, *after)
    shown = rows[:limit]
    last = shown[-1] if len(rows) > limit else None
    cursor = None if last is None else encode_cursor(Place(last["at"], last["key"], last["kind"]))
    return InboxPage([item(row) for row in shown], cursor)


def item(row: Record) -> InboxItem:
    made = InboxItem(
        row["kind"],
        row["key"],
        row["channel_id"],
        row["id"],
        row["user_id"],
        row["text"],
        instant_json(row["timestamp"]),
        row["is_unread"],
    )
    if row["parent_message_id"] is not None:
        made.parent_message_id = row["parent_message_id"]
        made.root_user_id = row["root_user_id"]
    if row["kind"] == "thread" and row["is_unread"]:
        made.unread_count = row["replies"]
        if row["is_mention"]:
            made.is_mention = True
    if row["kind"] == "reaction":
        made.reactions = reactions(row["emoji"], row["reactors"])
    return made


async def inbox_unread(reader: Reader, actor: Actor) -> InboxUnread:
    row = await fetch_one(reader, INBOX_UNREAD, actor.user_id)
    assert row is not None
    return InboxUnread(row["mentions"], row["reactions"])
