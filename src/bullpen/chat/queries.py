"""Reads of messages and unread counts: one statement each, for pages of any size."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import asyncpg
import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from bullpen.chat import message_sql
from bullpen.chat.message_sql import LONGEST_REPLIED_TO
from bullpen.files.queries import File, files_of
from bullpen.kit.database import Database, Reader
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.kit.instants import instant_json
from bullpen.kit.json_types import AgentId, ChannelId, MessageId, RawTime, RunId, UuidText
from bullpen.kit.pagination import Page, Window, page
from bullpen.members.actor import Actor
from bullpen.members.notifying import NotificationSettings
from bullpen.members.preferences import ChannelPreferences
from bullpen.members.sidebar import SidebarLayout
from bullpen.runs.values import NoticeKind


class Reaction(Struct, rename="camel", gc=False):
    """One emoji on a message and the users who chose it."""

    emoji: Annotated[str, Meta(description="The emoji.")]
    user_ids: Annotated[list[str], Meta(description="Ids of its users, in order of use.")]


class StoppedRun(Struct, rename="camel", gc=False):
    """A canceled run that would have answered the message."""

    run_id: Annotated[UuidText, Meta(description="Id of the run.")]
    agent_id: AgentId


class Notice(Struct, rename="camel", gc=False):
    """Why an agent does not answer. Such a message is a line of the system: it asks nobody, is not
    unread and not a reply."""

    kind: Annotated[
        NoticeKind,
        Meta(description="`failure`: the run failed. `budget`: a budget is used up."),
    ]
    run_id: RunId
    problem: Annotated[
        str | None,
        Meta(description="What went wrong and what to do, with the provider's own words."),
    ]


Text = Annotated[str, Meta(description="Markdown, as it was written.")]
AuthorId = Annotated[str, Meta(description="Id of the author.")]
PostedAt = Annotated[RawTime, Meta(description="When it was posted.")]
Reactions = Annotated[list[Reaction], Meta(description="One per emoji, in order of first use.")]
EditedAt = Annotated[
    RawTime, Meta(description="When it was last edited. Left out if it never was.")
]
StoppedRuns = Annotated[
    list[StoppedRun],
    Meta(
        description="Canceled runs that would have answered it and were not started again."
        " Left out if there are none."
    ),
]


RunNotice = Annotated[
    Notice, Meta(description="Why an agent does not answer. Left out of all other messages.")
]


Files = Annotated[
    list[File], Meta(description="The files that it has. Left out if there are none.")
]


StoppedAt = Annotated[
    list[RawTime],
    Meta(
        description="When each of `stoppedRuns` was canceled. Runs canceled together have one time."
    ),
]


class Pin(Struct, rename="camel", gc=False):
    """Who pinned a message in its channel, and when."""

    user_id: Annotated[str, Meta(description="Id of the user who pinned it.")]
    timestamp: Annotated[RawTime, Meta(description="When it was pinned.")]


class RepliedTo(Struct, rename="camel", gc=False):
    """The message that a thread began with, as a reply in the channel's list shows it."""

    user_id: Annotated[str, Meta(description="Id of its author.")]
    text: Annotated[
        str, Meta(description=f"The first {LONGEST_REPLIED_TO} characters of its Markdown.")
    ]


ToChannel = Annotated[
    RepliedTo,
    Meta(
        description="Of a reply that is also in its channel's list: what it replies to. Left out of"
        " all other messages."
    ),
]


class LinkPreview(Struct, rename="camel", gc=False, omit_defaults=True):
    """What a page that a message links to says about itself."""

    id: Annotated[UUID, Meta(description="Id of the preview.")]
    url: Annotated[str, Meta(description="The address, as the message has it.")]
    title: Annotated[str, Meta(description="What the page is called.")]
    description: (
        Annotated[str, Meta(description="In a sentence or two. Left out if it does not say.")]
        | UnsetType
    ) = UNSET
    site_name: (
        Annotated[str, Meta(description="Of its site. Left out if it does not say.")] | UnsetType
    ) = UNSET
    picture: (
        Annotated[str, Meta(description="Path of a small WebP. Left out if there is none.")]
        | UnsetType
    ) = UNSET


_previews = msgspec.json.Decoder(list[LinkPreview])

Previews = Annotated[
    list[LinkPreview],
    Meta(
        description="Of pages that it links to, if the workspace shows them. Left out if there are"
        " none."
    ),
]
Pinned = Annotated[Pin, Meta(description="Left out if the message is not pinned.")]


class Message(Struct, rename="camel", gc=False):
    """A message in a channel or DM, with a summary of its thread.

    The list of a channel has replies that were also sent to the channel.
    """

    id: MessageId
    channel_id: ChannelId
    user_id: AuthorId
    text: Text
    timestamp: PostedAt
    reactions: Reactions
    thread_reply_count: Annotated[int, Meta(description="Number of replies in its thread.")]
    thread_participant_ids: (
        Annotated[
            list[str],
            Meta(
                description="Ids of the users who replied, each once, in order of their first"
                " reply. Left out if there are no replies."
            ),
        ]
        | UnsetType
    ) = UNSET
    last_reply_at: (
        Annotated[
            RawTime,
            Meta(description="When the newest reply was posted. Left out without replies."),
        ]
        | UnsetType
    ) = UNSET
    parent_message_id: (
        Annotated[
            UUID,
            Meta(
                description="Id of the message that it replies to. Left out of top-level messages."
            ),
        ]
        | UnsetType
    ) = UNSET
    edited_at: EditedAt | UnsetType = UNSET
    stopped_runs: StoppedRuns | UnsetType = UNSET
    stopped_at: StoppedAt | UnsetType = UNSET
    notice: RunNotice | UnsetType = UNSET
    files: Files | UnsetType = UNSET
    pin: Pinned | UnsetType = UNSET
    replied_to: ToChannel | UnsetType = UNSET
    previews: Previews | UnsetType = UNSET


class ThreadReply(Struct, rename="camel", gc=False):
    """A reply in a thread."""

    id: MessageId
    parent_message_id: Annotated[
        UUID, Meta(description="Id of the message that the thread began with.")
    ]
    user_id: AuthorId
    text: Text
    timestamp: PostedAt
    reactions: Reactions
    edited_at: EditedAt | UnsetType = UNSET
    stopped_runs: StoppedRuns | UnsetType = UNSET
    stopped_at: StoppedAt | UnsetType = UNSET
    notice: RunNotice | UnsetType = UNSET
    files: Files | UnsetType = UNSET
    pin: Pinned | UnsetType = UNSET
    replied_to: ToChannel | UnsetType = UNSET
    previews: Previews | UnsetType = UNSET


def reactions(emoji: Sequence[str] | None, reactors: list[str]) -> list[Reaction]:
    if emoji is None:
        return []
    if len(emoji) == 1:
        return [Reaction(emoji[0], reactors)]
    users: dict[str, list[str]] = {}
    for symbol, user_id in zip(emoji, reactors, strict=True):
        users.setdefault(symbol, []).append(user_id)
    return [Reaction(symbol, ids) for symbol, ids in users.items()]


def message(row: Iterable[Any]) -> Message:
    (
        message_id, channel_id, user_id, text, created_at, *later,
        emoji, reactors, replies, who, last, parent_message_id,
    ) = row  # fmt: skip
    made = Message(
        message_id,
        channel_id,
        user_id,
        text,
        instant_json(created_at),
        reactions(emoji, reactors),
        0,
    )
    if replies is not None:
        made.thread_reply_count = replies
        made.thread_participant_ids = who
        made.last_reply_at = instant_json(last)
    if parent_message_id is not None:
        made.parent_message_id = parent_message_id
    if later != NO_LATER:
        note_later(made, Later(*later))
    return made


def reply(row: asyncpg.Record) -> ThreadReply:
    (
        reply_id, root_id, user_id, text, created_at, *later,
        emoji, reactors,
    ) = row  # fmt: skip
    used = reactions(emoji, reactors)
    made = ThreadReply(reply_id, root_id, user_id, text, instant_json(created_at), used)
    if later != NO_LATER:
        note_later(made, Later(*later))
    return made


class Later(NamedTuple):
    """What most messages do not have, and leave out."""

    edited_at: str | None
    run_ids: Sequence[str] | None
    agent_ids: Sequence[str] | None
    stopped_at: Sequence[str] | None
    notice: NoticeKind | None
    run_id: UUID | None
    problem: str | None
    files: str | None
    pinned_at: str | None
    pinned_by: str | None
    replied_to: str | None
    previews: str | None


NO_LATER = [None] * len(Later._fields)


def note_later(made: Message | ThreadReply, later: Later) -> None:
    if later.edited_at is not None:
        made.edited_at = instant_json(later.edited_at)
    if later.run_ids is not None:
        stopped = zip(later.run_ids, later.agent_ids or (), strict=True)
        made.stopped_runs = [StoppedRun(*pair) for pair in stopped]
        made.stopped_at = [instant_json(at) for at in later.stopped_at or ()]
    if later.notice is not None and later.run_id is not None:
        made.notice = Notice(later.notice, later.run_id, later.problem)
    if later.files is not None:
        made.files = files_of(later.files)
    if later.pinned_at is not None and later.pinned_by is not None:
        made.pin = Pin(later.pinned_by, instant_json(later.pinned_at))
    if later.replied_to is not None:
        made.replied_to = msgspec.json.decode(later.replied_to, type=RepliedTo)
    if later.previews is not None:
        made.previews = _previews.decode(later.previews)


def shown(message: Message) -> Message | ThreadReply:
    """As lists and events have it: a reply names the message it replies to, and no channel."""
    if message.parent_message_id is UNSET:
        return message
    return ThreadReply(
        message.id,
        message.parent_message_id,
        message.user_id,
        message.text,
        message.timestamp,
        message.reactions,
        message.edited_at,
        message.stopped_runs,
        message.stopped_at,
        message.notice,
        message.files,
        message.pin,
        message.replied_to,
        message.previews,
    )


async def read(
    database: Database, actor: Actor, sql: str, key: object, window: Window, missing: ErrorCode
) -> list[asyncpg.Record]:
    cursor = () if window.cursor is None else (window.cursor,)
    rows = await database.fetch(sql, actor.user_id, key, *cursor)
    if not rows:
        raise NotFound(missing if window.cursor is None else ErrorCode.MESSAGE_NOT_FOUND)
    return [] if rows[0][0] is None else list(rows)


def shape(window: Window) -> Window:
    """What the statement depends on, so that pages at different cursors share one."""
    return Window(window.limit, window.side)


async def channel_messages(
    database: Database, actor: Actor, channel_id: str, window: Window
) -> Page[Message]:
    """Those of the channel's list, oldest first; without a cursor the newest ones."""
    sql = message_sql.channel_page(shape(window))
    missing = ErrorCode.CHANNEL_NOT_FOUND
    rows = await read(database, actor, sql, channel_id, window, missing)
    return page(rows, window, message)


async def thread_replies(
    database: Database, actor: Actor, message_id: UUID, window: Window
) -> Page[ThreadReply]:
    """Oldest first; without a cursor the newest ones."""
    sql = message_sql.thread_page(shape(window))
    missing = ErrorCode.MESSAGE_NOT_FOUND
    rows = await read(database, actor, sql, message_id, window, missing)
    return page(rows, window, reply)


async def get_message(reader: Reader, actor: Actor, message_id: UUID) -> Message:
    found = await messages_by_id(reader, actor, [message_id])
    if not found:
        raise NotFound(ErrorCode.MESSAGE_NOT_FOUND)
    return found[message_id]


async def messages_by_id(
    reader: Reader, actor: Actor, message_ids: Sequence[UUID]
) -> dict[UUID, Message]:
    """Those of them that the actor may read, replies too."""
    rows = await reader.fetch(message_sql.SOME_MESSAGES, actor.user_id, message_ids)
    return {made.id: made for made in map(message, rows)}


class ReadCursor(Struct, rename="camel"):
    """The newest message that a user has read. Earlier messages count as read, too."""

    timestamp: Annotated[RawTime, Meta(description="When that message was posted.")]
    message_id: MessageId


class Unreads(NamedTuple):
    """Messages of others after the actor's cursor, for the channels that have any."""

    counts: dict[str, int]
    # The newest event that they take account of.
    event_id: int


async def unreads(reader: Reader, actor: Actor, channel_id: str | None = None) -> Unreads:
    rows = await reader.fetch(message_sql.UNREADS, actor.user_id, channel_id)
    counts = {channel: count for _, channel, count in rows if channel is not None}
    return Unreads(counts, rows[0][0])


class UnreadThread(Struct, rename="camel"):
    """A thread with unread replies that the current user began, replied in or is mentioned in."""

    channel_id: ChannelId
    unread_count: Annotated[int, Meta(description="Number of replies of others after the cursor.")]
    cursor: ReadCursor


class UnreadThreads(NamedTuple):
    threads: dict[str, UnreadThread]
    # The newest event that they take account of.
    event_id: int


class ThreadFollow(Struct, rename="camel"):
    """Whether the current user follows a thread."""

    channel_id: ChannelId
    is_followed: Annotated[bool, Meta(description="Whether they do.")]


class InboxUnread(Struct, rename="camel"):
    """Unread items of the inbox. Threads are counted where they are listed."""

    mentions: Annotated[int, Meta(description="Mentions outside of threads.")]
    reactions: Annotated[int, Meta(description="Messages with reactions of others.")]


class Sidebar(Struct, rename="camel"):
    """What the sidebar shows for the current user in particular, beside unread counts."""

    mentions: Annotated[
        dict[str, int],
        Meta(
            description="Unread messages that mention the current user, by channel, without"
            " replies. Channels that have none are left out."
        ),
    ]
    threads: Annotated[
        dict[str, UnreadThread], Meta(description="As `GET /api/unreads/threads` returns them.")
    ]
    preferences: Annotated[
        dict[str, ChannelPreferences],
        Meta(
            description="Of the channels that the current user has starred or muted, or for which"
            " they have chosen what they notify of."
        ),
    ]
    inbox: (
        Annotated[InboxUnread, Meta(description="Left out if no mention or reaction is unread.")]
        | UnsetType
    ) = UNSET
    follows: (
        Annotated[
            dict[str, ThreadFollow],
            Meta(
                description="What the current user has chosen for threads, by the id of their first"
                " message: they follow others where they take part. Left out if there are none."
            ),
        ]
        | UnsetType
    ) = UNSET
    layout: (
        Annotated[
            SidebarLayout, Meta(description="Left out if the current user has changed nothing.")
        ]
        | UnsetType
    ) = UNSET
    notifications: (
        Annotated[
            NotificationSettings,
            Meta(description="Left out if the current user has changed nothing."),
        ]
        | UnsetType
    ) = UNSET


async def sidebar(reader: Reader, actor: Actor) -> tuple[Sidebar, int]:
    """With the number of the newest event that it takes account of."""
    [
        [event_id, mentions, threads, preferences, named, reacted, follows, layout, notifying]
    ] = await reader.fetch(message_sql.SIDEBAR, actor.user_id)
    found = msgspec.json.decode(threads or "[]")
    return Sidebar(
        msgspec.json.decode(mentions or "{}"),
        {
            one["id"]: UnreadThread(
                one["channel_id"],
                one["replies"],
                ReadCursor(instant_json(one["read_at"]), UUID(one["message_id"])),
            )
            for one in found
        },
        msgspec.json.decode(preferences or "{}", type=dict[str, ChannelPreferences]),
        InboxUnread(named, reacted) if named or reacted else UNSET,
        msgspec.json.decode(follows, type=dict[str, ThreadFollow]) if follows else UNSET,
        msgspec.json.decode(layout, type=SidebarLayout) if layout else UNSET,
        msgspec.json.decode(notifying, type=NotificationSettings) if notifying else UNSET,
    ), event_id


async def unread_mentions(reader: Reader, actor: Actor, channel_id: str) -> int:
    rows = await reader.fetch(message_sql.UNREAD_MENTIONS_IN_CHANNEL, actor.user_id, channel_id)
    return rows[0][1] if rows else 0


async def unread_threads(
    reader: Reader, actor: Actor, root_id: UUID | None = None
) -> UnreadThreads:
    rows = await reader.fetch(message_sql.UNREAD_THREADS, actor.user_id, root_id)
    threads = {
        str(root): UnreadThread(channel, count, ReadCursor(instant_json(time), message))
        for _, root, channel, count, time, message in rows
        if root is not None
    }
    return UnreadThreads(threads, rows[0][0])
