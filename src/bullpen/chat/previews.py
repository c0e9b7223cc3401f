"""Previews of the pages that messages link to: showing, removing and keeping them."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from asyncpg import Connection

from bullpen.chat.actions import own_message, place
from bullpen.chat.preview_links import previewed_links
from bullpen.chat.queries import Message, get_message, shown
from bullpen.events.actions import Event, append, lock_event_log
from bullpen.kit.database import Database, Reader, fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.members.access import readable
from bullpen.members.actor import Actor

# How long a page is not read again.
KEPT = timedelta(days=1)
LOCK = """
SELECT m.text, m.user_id FROM messages m WHERE m.id = $1 FOR NO KEY UPDATE
"""
LOCK_CHANNEL = """
SELECT FROM channels WHERE id = (SELECT channel_id FROM messages WHERE id = $1) FOR KEY SHARE
"""
# One for each link. The preview may have been forgotten meanwhile.
SHOW = """
INSERT INTO message_previews (message_id, preview_id, place)
SELECT $1, l.id, $3 FROM link_previews l
WHERE l.id = $2 AND l.title IS NOT NULL AND NOT EXISTS (
    SELECT FROM message_previews shown JOIN link_previews other ON other.id = shown.preview_id
    WHERE shown.message_id = $1 AND other.url = l.url
)
FOR KEY SHARE OF l
ON CONFLICT DO NOTHING RETURNING 1
"""
REMOVE = """
UPDATE message_previews SET is_removed = true
WHERE message_id = $1 AND preview_id = $2 AND NOT is_removed RETURNING 1
"""
PICTURE = f"""
SELECT CASE WHEN $4 THEN NULL ELSE l.picture END
FROM message_previews shown
JOIN link_previews l ON l.id = shown.preview_id
JOIN messages m ON m.id = shown.message_id JOIN channels c ON c.id = m.channel_id
WHERE shown.message_id = $2 AND shown.preview_id = $3 AND NOT shown.is_removed
  AND l.picture IS NOT NULL AND {readable("c")}
"""
FORGET = """
DELETE FROM link_previews l WHERE COALESCE(l.fetched_at, l.claimed_until) < now() - $1::interval
  AND NOT EXISTS (SELECT FROM message_previews shown WHERE shown.preview_id = l.id)
"""


async def show_previews(
    connection: Connection, message_id: UUID, previews: Mapping[str, UUID]
) -> None:
    """Those of the links that the message still has, by their addresses."""
    await connection.execute(LOCK_CHANNEL, message_id)
    row = await connection.fetchrow(LOCK, message_id)
    if row is None:
        return
    shows_more = False
    for at, url in enumerate(previewed_links(row["text"])):
        if url in previews:
            shows_more |= await connection.fetchval(SHOW, message_id, previews[url], at) is not None
    if shows_more:
        await announce(connection, Actor(row["user_id"]), message_id)


async def announce(connection: Connection, actor: Actor, message_id: UUID) -> Message:
    await lock_event_log(connection)
    message = await get_message(connection, actor, message_id)
    payload = {**place(message), "message": shown(message)}
    await append(connection, Event("message.updated", payload, message.channel_id))
    return message


async def remove_preview(
    connection: Connection, actor: Actor, message_id: UUID, preview_id: UUID
) -> Message:
    """For good. Nothing changes if the message does not show it."""
    await connection.execute(LOCK_CHANNEL, message_id)
    message = await own_message(connection, actor, message_id, "change")
    if await connection.fetchval(REMOVE, message_id, preview_id):
        return await announce(connection, actor, message_id)
    return message


async def get_picture(
    reader: Reader, actor: Actor, message_id: UUID, preview_id: UUID, *, known: bool
) -> bytes | None:
    """None for a client that has it already."""
    row = await fetch_one(reader, PICTURE, actor.user_id, message_id, preview_id, known)
    if row is None:
        raise NotFound(ErrorCode.PREVIEW_NOT_FOUND)
    content: bytes | None = row[0]
    return content


async def forget_previews(database: Database) -> None:
    """Those that no message shows, once their pages would be read again."""
    await database.write(FORGET, KEPT)
