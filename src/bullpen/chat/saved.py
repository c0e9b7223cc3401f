"""Messages that a user has saved for later, with reminders. Nobody else sees which ones.

A saved message that was deleted, or whose channel its user cannot read any more, stays in the list
without anything of the message: the two look alike.
"""

from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

from asyncpg import Connection, Record
from msgspec import UNSET, Meta, Struct, UnsetType

from bullpen.chat.queries import Message, get_message, messages_by_id
from bullpen.events.actions import Event, append
from bullpen.kit.database import Reader, fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict
from bullpen.kit.json_types import MessageId, Time
from bullpen.kit.pagination import Page, Window, page
from bullpen.members.actor import Actor

MOST_SAVED = 1000
COLUMNS = "message_id, saved_at, remind_at, is_due, done_at"
MARKS = f"SELECT {COLUMNS} FROM saved_messages WHERE user_id = $1 AND done_at IS NULL"
# Due ones first; those that are done in the order in which they were.
PLACE = """
s.is_due, CASE WHEN s.is_due THEN s.remind_at ELSE COALESCE(s.done_at, s.saved_at) END,
s.message_id
"""
LIST = f"""
SELECT {COLUMNS} FROM saved_messages s
WHERE s.user_id = $1 AND (s.done_at IS NOT NULL) = $2
  AND ($3::uuid IS NULL OR ({PLACE}) < (
      SELECT {PLACE} FROM saved_messages s WHERE s.user_id = $1 AND s.message_id = $3
  ))
ORDER BY ({PLACE}) DESC LIMIT $4
"""
ONE = f"""
SELECT {COLUMNS} FROM saved_messages WHERE user_id = $1 AND message_id = $2 FOR NO KEY UPDATE
"""
SAVE = f"""
INSERT INTO saved_messages (user_id, message_id, remind_at, done_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (user_id, message_id) DO UPDATE
SET remind_at = EXCLUDED.remind_at, done_at = EXCLUDED.done_at,
    is_due = saved_messages.is_due
        AND saved_messages.remind_at IS NOT DISTINCT FROM EXCLUDED.remind_at
RETURNING {COLUMNS}
"""
COUNT = "SELECT count(*) FROM saved_messages WHERE user_id = $1 AND done_at IS NULL"
REMOVE = "DELETE FROM saved_messages WHERE user_id = $1 AND message_id = $2 RETURNING 1"
# The condition that a reminder is to be shown now.
IS_UNTOLD = "remind_at <= now() AND NOT is_due"
REMIND = f"""
UPDATE saved_messages SET is_due = true WHERE (user_id, message_id) IN (
    SELECT user_id, message_id FROM saved_messages WHERE {IS_UNTOLD}
    ORDER BY remind_at LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED
) RETURNING user_id, {COLUMNS}
"""
FULL = (
    f"You already have {MOST_SAVED} saved messages, which is the limit. Mark some as done, or"
    " remove them."
)


class SavedMark(Struct, rename="camel"):
    """That the current user has saved a message, and when they want to be reminded of it."""

    message_id: MessageId
    saved_at: Annotated[Time, Meta(description="When it was saved.")]
    remind_at: (
        Annotated[Time, Meta(description="When to remind of it. Left out without a reminder.")]
        | UnsetType
    ) = UNSET
    is_due: (
        Annotated[
            bool, Meta(description="True once the reminder was shown. Left out if it was not.")
        ]
        | UnsetType
    ) = UNSET
    is_done: (
        Annotated[bool, Meta(description="True if it is marked as done. Left out if it is not.")]
        | UnsetType
    ) = UNSET


class SavedMessage(SavedMark):
    """A saved message."""

    message: (
        Annotated[
            Message,
            Meta(description="Left out if it was deleted, or the user cannot read it any more."),
        ]
        | UnsetType
    ) = UNSET


def mark_of(row: Record) -> SavedMark:
    return note_state(SavedMark(row["message_id"], row["saved_at"]), row)


Mark = TypeVar("Mark", bound=SavedMark)


def note_state(mark: Mark, row: Record) -> Mark:
    if row["remind_at"] is not None:
        mark.remind_at = row["remind_at"]
    if row["is_due"]:
        mark.is_due = True
    if row["done_at"] is not None:
        mark.is_done = True
    return mark


async def list_marks(reader: Reader, actor: Actor) -> list[SavedMark]:
    """Of all messages that are saved and not done."""
    return [mark_of(row) for row in await reader.fetch(MARKS, actor.user_id)]


async def list_saved(
    reader: Reader, actor: Actor, window: Window, *, is_done: bool
) -> Page[SavedMessage]:
    """Oldest first, as all pages; the due ones come last."""
    rows = await reader.fetch(LIST, actor.user_id, is_done, window.cursor, window.limit + 1)
    ids = [row["message_id"] for row in rows[: window.limit]]
    messages = await messages_by_id(reader, actor, ids)

    def made(row: Record) -> SavedMessage:
        saved = note_state(SavedMessage(row["message_id"], row["saved_at"]), row)
        saved.message = messages.get(saved.message_id, UNSET)
        return saved

    return page(rows[::-1], window, made)


async def save_message(
    connection: Connection,
    actor: Actor,
    message_id: UUID,
    *,
    remind_at: datetime | UnsetType | None = UNSET,
    is_done: bool | None = None,
) -> SavedMark:
    """What is left out stays as it is; done removes the reminder, and a reminder means not done."""
    before = await fetch_one(connection, ONE, actor.user_id, message_id)
    if before is None or isinstance(remind_at, datetime):
        await get_message(connection, actor, message_id)
    reminder, done_at = (None, None) if before is None else (before["remind_at"], before["done_at"])
    if is_done is not None:
        done_at = (done_at or await connection.fetchval("SELECT now()")) if is_done else None
    if remind_at is not UNSET:
        reminder = remind_at
    if isinstance(remind_at, datetime):
        done_at = None
    if done_at is not None:
        reminder = None
    row = await fetch_one(connection, SAVE, actor.user_id, message_id, reminder, done_at)
    assert row is not None
    is_more = done_at is None and (before is None or before["done_at"] is not None)
    if is_more and await connection.fetchval(COUNT, actor.user_id) > MOST_SAVED:
        raise Conflict(ErrorCode.TOO_MANY_SAVED, FULL)
    saved = mark_of(row)
    if before is None or mark_of(before) != saved:
        await append(connection, saved_changed(actor.user_id, message_id, saved))
    return saved


async def remove_saved(connection: Connection, actor: Actor, message_id: UUID) -> None:
    """Nothing changes if it is not saved."""
    if await connection.fetchval(REMOVE, actor.user_id, message_id):
        await append(connection, saved_changed(actor.user_id, message_id, None))


async def remind(connection: Connection) -> int:
    """Shows the reminders that are due, each once; answers how many."""
    rows = await connection.fetch(REMIND)
    events = []
    for row in rows:
        event = saved_changed(row["user_id"], row["message_id"], mark_of(row))
        event.payload["isReminder"] = True
        events.append(event)
    if events:
        await append(connection, *events)
    return len(rows)


def saved_changed(user_id: str, message_id: UUID, saved: SavedMark | None) -> Event:
    """For the user's own windows alone. Without the text: who could read it may not any more."""
    return Event("saved.changed", {"messageId": message_id, "saved": saved}, user_ids=[user_id])
