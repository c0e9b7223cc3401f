"""Messages that somebody has written and that are sent later. Only their author sees them.

A scheduled post has the id that its message gets. The transaction that writes the message deletes
the post, so it is sent once, even if a worker is killed in between. A post that could not be sent
is kept, with the reason.
"""

from contextlib import suppress
from datetime import datetime
from typing import Annotated
from uuid import UUID

from asyncpg import Connection, Record
from msgspec import UNSET, Meta, Struct, UnsetType

from bullpen.chat.queries import Message, get_message
from bullpen.chat.send import NewMessage, refused, send_in_transaction
from bullpen.events.actions import Event, append
from bullpen.files.queries import File, get_file
from bullpen.files.uploads import keep_until
from bullpen.kit.database import Reader, fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict, Invalid, NotFound
from bullpen.kit.json_types import ChannelId, Time
from bullpen.kit.text import is_visible
from bullpen.members.actions import require_membership
from bullpen.members.actor import Actor
from bullpen.members.archive import require_open
from bullpen.members.permissions import MEMBER, Permission, require
from bullpen.members.queries import get_channel

MOST_SCHEDULED = 200
AT_ONCE = 100
COLUMNS = """
id, user_id, channel_id, parent_message_id, text, file_ids, send_at, refusal,
EXISTS (
    SELECT FROM scheduled_channel_replies also WHERE also.post_id = scheduled_posts.id
) AS also_in_channel
"""
LIST = f"SELECT {COLUMNS} FROM scheduled_posts WHERE user_id = $1 ORDER BY send_at, id"
ONE = f"SELECT {COLUMNS} FROM scheduled_posts WHERE user_id = $1 AND id = $2 FOR UPDATE"
# The same again changes nothing: it is sent until it is answered.
ADD = """
INSERT INTO scheduled_posts (id, user_id, channel_id, parent_message_id, text, file_ids, send_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING RETURNING 1
"""
ADD_TO_CHANNEL = "INSERT INTO scheduled_channel_replies (post_id) VALUES ($1)"
KNOWN = "SELECT EXISTS (SELECT FROM messages WHERE id = $1)"
COUNT = "SELECT count(*) FROM scheduled_posts WHERE user_id = $1"
CHANGE = "UPDATE scheduled_posts SET text = $2, send_at = $3, refusal = NULL WHERE id = $1"
REFUSE = "UPDATE scheduled_posts SET refusal = $2 WHERE id = $1"
REMOVE = "DELETE FROM scheduled_posts WHERE id = $1"
# The condition that a post is to be sent now.
IS_DUE = "send_at <= now() AND refusal IS NULL"
NEXT = f"""
SELECT {COLUMNS} FROM scheduled_posts WHERE {IS_DUE}
ORDER BY send_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""


class ScheduledPost(Struct, rename="camel"):
    """A message of the current user that is sent later."""

    id: Annotated[UUID, Meta(description="Id of the message, once it is sent.")]
    channel_id: ChannelId
    text: Annotated[str, Meta(description="Markdown, as it was written.")]
    send_at: Annotated[Time, Meta(description="When it is sent.")]
    parent_message_id: (
        Annotated[UUID, Meta(description="Id of the message to reply to. Left out without one.")]
        | UnsetType
    ) = UNSET
    also_in_channel: (
        Annotated[
            bool,
            Meta(description="True for a reply that is also sent to the channel. Else left out."),
        ]
        | UnsetType
    ) = UNSET
    files: (
        Annotated[list[File], Meta(description="Its files. Left out if there are none.")]
        | UnsetType
    ) = UNSET
    problem: (
        Annotated[
            str,
            Meta(description="Why it could not be sent at its time. Left out where it waits."),
        ]
        | UnsetType
    ) = UNSET


async def shown(reader: Reader, actor: Actor, row: Record) -> ScheduledPost:
    made = ScheduledPost(row["id"], row["channel_id"], row["text"], row["send_at"])
    if row["parent_message_id"] is not None:
        made.parent_message_id = row["parent_message_id"]
    if row["also_in_channel"]:
        made.also_in_channel = True
    files = []
    for file_id in row["file_ids"]:
        with suppress(NotFound):
            files.append(await get_file(reader, actor, file_id))
    if files:
        made.files = files
    if row["refusal"] is not None:
        made.problem = refused(row["refusal"]).message
    return made


async def list_scheduled_posts(reader: Reader, actor: Actor) -> list[ScheduledPost]:
    """In the order of their times."""
    rows = await reader.fetch(LIST, actor.user_id)
    return [await shown(reader, actor, row) for row in rows]


async def schedule_post(
    connection: Connection, actor: Actor, draft: NewMessage, send_at: datetime
) -> ScheduledPost:
    """Of one that could be sent now. A time in the past is due at once."""
    await get_channel(connection, actor, draft.channel_id)
    await require_membership(connection, actor, draft.channel_id)
    require(actor, Permission.POST, MEMBER)
    await require_open(connection, draft.channel_id)
    if draft.parent_message_id is not None:
        parent = await get_message(connection, actor, draft.parent_message_id)
        if parent.channel_id != draft.channel_id:
            raise refused("no_parent")
        if parent.parent_message_id is not UNSET:
            raise refused("nested")
    if not await keep_until(connection, actor, draft.file_ids, send_at):
        raise refused("no_file")
    if await connection.fetchval(KNOWN, draft.id):
        raise refused("taken")
    made = await connection.fetchval(
        ADD,
        draft.id,
        actor.user_id,
        draft.channel_id,
        draft.parent_message_id,
        draft.text,
        list(draft.file_ids),
        send_at,
    )
    if made and await connection.fetchval(COUNT, actor.user_id) > MOST_SCHEDULED:
        raise Conflict(
            ErrorCode.TOO_MANY_SCHEDULED_POSTS,
            f"You already have {MOST_SCHEDULED} scheduled messages, which is the limit. Send or"
            " cancel some first.",
        )
    if made and draft.also_in_channel:
        await connection.execute(ADD_TO_CHANNEL, draft.id)
    try:
        return await announce(connection, actor, draft.id)
    except NotFound as problem:
        raise refused("taken") from problem


async def change_post(
    connection: Connection,
    actor: Actor,
    post_id: UUID,
    *,
    text: str | None = None,
    send_at: datetime | None = None,
) -> ScheduledPost:
    """One that could not be sent waits again."""
    row = await own_post(connection, actor, post_id)
    if text is not None and not is_visible(text) and not row["file_ids"]:
        raise Invalid(
            ErrorCode.VALIDATION_FAILED, "Enter some text that can be seen, or cancel the message."
        )
    at = send_at or row["send_at"]
    await keep_until(connection, actor, row["file_ids"], at)
    await connection.execute(CHANGE, post_id, row["text"] if text is None else text, at)
    return await announce(connection, actor, post_id)


async def cancel_post(connection: Connection, actor: Actor, post_id: UUID) -> ScheduledPost:
    """Answers what it was."""
    post = await shown(connection, actor, await own_post(connection, actor, post_id))
    await connection.execute(REMOVE, post_id)
    await append(connection, scheduled_changed(actor.user_id, post_id, None))
    return post


async def send_post_now(
    connection: Connection, actor: Actor, post_id: UUID, *, asks: bool
) -> Message:
    """If it is refused, it stays as it is."""
    row = await own_post(connection, actor, post_id)
    refusal = await send_post(connection, row, asks=asks)
    if refusal is not None:
        raise refused(refusal)
    return await get_message(connection, actor, post_id)


async def send_next(connection: Connection, *, asks: bool) -> bool:
    """Sends a post that is due, or notes why not; whether there was one."""
    row = await fetch_one(connection, NEXT)
    if row is None:
        return False
    refusal = await send_post(connection, row, asks=asks)
    if refusal is not None:
        await connection.execute(REFUSE, row["id"], refusal)
        await announce(connection, Actor(row["user_id"]), row["id"])
    return True


async def send_post(connection: Connection, row: Record, *, asks: bool) -> str | None:
    """Answers the reason for which it was refused."""
    draft = NewMessage(
        row["id"],
        row["channel_id"],
        row["parent_message_id"],
        row["user_id"],
        row["text"],
        tuple(row["file_ids"]),
        row["also_in_channel"],
    )
    refusal = await send_in_transaction(connection, draft, run_id=None, asks=asks)
    if refusal is None:
        await connection.execute(REMOVE, row["id"])
        await append(connection, scheduled_changed(row["user_id"], row["id"], None))
    return refusal


async def own_post(connection: Connection, actor: Actor, post_id: UUID) -> Record:
    row = await fetch_one(connection, ONE, actor.user_id, post_id)
    if row is None:
        raise NotFound(ErrorCode.SCHEDULED_POST_NOT_FOUND)
    return row


async def announce(connection: Connection, actor: Actor, post_id: UUID) -> ScheduledPost:
    """As it is now, for the author's windows alone."""
    post = await shown(connection, actor, await own_post(connection, actor, post_id))
    await append(connection, scheduled_changed(actor.user_id, post_id, post))
    return post


def scheduled_changed(user_id: str, post_id: UUID, post: ScheduledPost | None) -> Event:
    return Event("scheduled.changed", {"postId": post_id, "post": post}, user_ids=[user_id])
