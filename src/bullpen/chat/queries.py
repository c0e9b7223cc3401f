"""Reads of messages and unread counts: one statement each, whatever the page's size."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from msgspec import UNSET, Raw, Struct, UnsetType

from bullpen.chat import statements
from bullpen.kit.database import Database, Reader
from bullpen.kit.errors import NotFound
from bullpen.kit.pages import Page, Window, page
from bullpen.members.actor import Actor


class Reaction(Struct, rename="camel", gc=False):
    emoji: str
    user_ids: list[str]


class StoppedRun(Struct, rename="camel", gc=False):
    """A run that was to answer a message and was cancelled."""

    run_id: str
    agent_id: str


class Message(Struct, rename="camel", gc=False):
    id: UUID
    channel_id: str
    user_id: str
    text: str
    timestamp: Raw
    reactions: list[Reaction]
    thread_reply_count: int
    thread_participant_ids: list[str] | UnsetType = UNSET
    last_reply_at: Raw | UnsetType = UNSET
    # Of a reply that is asked for by itself.
    parent_message_id: UUID | UnsetType = UNSET
    edited_at: Raw | UnsetType = UNSET
    stopped_runs: list[StoppedRun] | UnsetType = UNSET


class ThreadReply(Struct, rename="camel", gc=False):
    id: UUID
    parent_message_id: UUID
    user_id: str
    text: str
    timestamp: Raw
    reactions: list[Reaction]
    edited_at: Raw | UnsetType = UNSET
    stopped_runs: list[StoppedRun] | UnsetType = UNSET


def instant(json: str) -> Raw:
    return Raw(f'{json[:-1]}Z"')


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
        message_id, channel_id, user_id, text, created_at, edited_at, run_ids, agent_ids,
        emoji, reactors, replies, who, last,
    ) = row  # fmt: skip
    made = Message(
        message_id, channel_id, user_id, text, instant(created_at), reactions(emoji, reactors), 0
    )
    if replies is not None:
        made.thread_reply_count = replies
        made.thread_participant_ids = who
        made.last_reply_at = instant(last)
    note_later(made, edited_at, run_ids, agent_ids)
    return made


def reply(row: asyncpg.Record) -> ThreadReply:
    (
        reply_id, root_id, user_id, text, created_at, edited_at, run_ids, agent_ids,
        emoji, reactors,
    ) = row  # fmt: skip
    used = reactions(emoji, reactors)
    made = ThreadReply(reply_id, root_id, user_id, text, instant(created_at), used)
    note_later(made, edited_at, run_ids, agent_ids)
    return made


def note_later(
    made: Message | ThreadReply,
    edited_at: str | None,
    run_ids: Sequence[str] | None,
    agent_ids: Sequence[str] | None,
) -> None:
    """What most messages do not have, and leave out."""
    if edited_at is not None:
        made.edited_at = instant(edited_at)
    if run_ids is not None and agent_ids is not None:
        made.stopped_runs = [StoppedRun(*pair) for pair in zip(run_ids, agent_ids, strict=True)]


async def read(
    database: Database, actor: Actor, sql: str, key: object, window: Window
) -> list[asyncpg.Record]:
    cursor = () if window.cursor is None else (window.cursor,)
    rows = await database.fetch(sql, actor.user_id, key, *cursor)
    if not rows:
        raise NotFound("No such channel or message")
    return [] if rows[0][0] is None else list(rows)


def shape(window: Window) -> Window:
    """What the statement depends on, so that pages at different cursors share one."""
    return Window(window.limit, window.side)


async def channel_messages(
    database: Database, actor: Actor, channel_id: str, window: Window
) -> Page[Message]:
    """Top-level messages, oldest first; without a cursor the newest ones."""
    sql = statements.channel_page(shape(window))
    return page(await read(database, actor, sql, channel_id, window), window, message)


async def thread_replies(
    database: Database, actor: Actor, message_id: UUID, window: Window
) -> Page[ThreadReply]:
    """Oldest first; without a cursor the newest ones."""
    sql = statements.thread_page(shape(window))
    rows = await read(database, actor, sql, message_id, window)
    return page(rows, window, reply)


async def get_message(reader: Reader, actor: Actor, message_id: UUID) -> Message:
    found = await messages_by_id(reader, actor, [message_id])
    if not found:
        raise NotFound("No such message")
    return found[message_id]


async def messages_by_id(
    reader: Reader, actor: Actor, message_ids: Sequence[UUID]
) -> dict[UUID, Message]:
    """Those of them that the actor may read, replies too."""
    rows = await reader.fetch(statements.SOME_MESSAGES, actor.user_id, message_ids)
    found = {}
    for *shown, parent_message_id in rows:
        made = message(shown)
        if parent_message_id is not None:
            made.parent_message_id = parent_message_id
        found[made.id] = made
    return found


class ReadCursor(Struct, rename="camel"):
    """All up to this message, and the message, has been read."""

    timestamp: Raw
    message_id: UUID


class Unreads(NamedTuple):
    """Messages of others after the actor's cursor, for the channels that have any."""

    counts: dict[str, int]
    # The newest event that they take account of.
    event_id: int


async def unreads(reader: Reader, actor: Actor, channel_id: str | None = None) -> Unreads:
    rows = await reader.fetch(statements.UNREADS, actor.user_id, channel_id)
    counts = {channel: count for _, channel, count in rows if channel is not None}
    return Unreads(counts, rows[0][0])


class UnreadThread(Struct, rename="camel"):
    """Replies of others after the cursor, in a thread that the actor began or replied in."""

    channel_id: str
    unread_count: int
    cursor: ReadCursor


class UnreadThreads(NamedTuple):
    threads: dict[str, UnreadThread]
    # The newest event that they take account of.
    event_id: int


async def unread_threads(
    reader: Reader, actor: Actor, root_id: UUID | None = None
) -> UnreadThreads:
    rows = await reader.fetch(statements.UNREAD_THREADS, actor.user_id, root_id)
    threads = {
        str(root): UnreadThread(channel, count, ReadCursor(instant(time), message))
        for _, root, channel, count, time, message in rows
        if root is not None
    }
    return UnreadThreads(threads, rows[0][0])
