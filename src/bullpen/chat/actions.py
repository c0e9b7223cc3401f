"""Writes about messages, in the caller's transaction."""

from asyncpg import Connection

from bullpen.members.actor import Actor

# A cursor never moves back: of two windows, the one that is behind must not make things unread.
MARK_READ = """
INSERT INTO read_cursors (user_id, channel_id, created_at, message_id)
SELECT $1, channel_id, created_at, id FROM messages
WHERE channel_id = $2 AND parent_message_id IS NULL
ORDER BY created_at DESC, id DESC LIMIT 1
ON CONFLICT (user_id, channel_id) DO UPDATE
SET created_at = EXCLUDED.created_at, message_id = EXCLUDED.message_id
WHERE (read_cursors.created_at, read_cursors.message_id)
    < (EXCLUDED.created_at, EXCLUDED.message_id)
"""


async def mark_read(connection: Connection, actor: Actor, channel_id: str) -> None:
    """Up to the newest message there is; that the actor may read it is the caller's to know."""
    await connection.execute(MARK_READ, actor.user_id, channel_id)
