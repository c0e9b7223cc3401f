"""What becomes of the messages of a person who is erased."""

from asyncpg import Connection

DELETED = "This message was deleted."
# Replies of others would go with a message that began their thread.
HAS_REPLIES = """
EXISTS (SELECT FROM messages r WHERE r.parent_message_id = m.id AND r.user_id <> m.user_id)
"""
EMPTY = f"UPDATE messages m SET text = $2 WHERE m.user_id = $1 AND {HAS_REPLIES}"
DELETE = f"DELETE FROM messages m WHERE m.user_id = $1 AND NOT {HAS_REPLIES}"
# Also those that emptying a message has just kept.
FORGET_EARLIER = """
DELETE FROM earlier_texts WHERE message_id IN (SELECT id FROM messages WHERE user_id = $1)
"""
# They may hold messages of anybody, and would be gone in seconds.
FORGET_DELETED = "DELETE FROM deleted_messages"
FORGET_MENTIONS = """
DELETE FROM mentions WHERE message_id IN (SELECT id FROM messages WHERE user_id = $1)
"""
FORGET_PREVIEWS = """
DELETE FROM message_previews WHERE message_id IN (SELECT id FROM messages WHERE user_id = $1)
"""
HAND_OVER = (
    "UPDATE messages SET user_id = $2 WHERE user_id = $1",
    "UPDATE reactions SET user_id = $2 WHERE user_id = $1",
    "UPDATE message_pins SET pinned_by = $2 WHERE pinned_by = $1",
)
FORGET = (
    "DELETE FROM read_cursors WHERE user_id = $1",
    "DELETE FROM thread_cursors WHERE user_id = $1",
    "DELETE FROM thread_follows WHERE user_id = $1",
    "DELETE FROM mentions WHERE user_id = $1",
    "DELETE FROM saved_messages WHERE user_id = $1",
    "DELETE FROM reacted_messages WHERE user_id = $1",
    "DELETE FROM scheduled_posts WHERE user_id = $1",
)
A_DAY = 24 * 3600


async def delete_messages_of(connection: Connection, user_id: str) -> None:
    """Also reactions. A message to which others have replied stays, without its text."""
    await connection.execute(FORGET_DELETED)
    await connection.execute(EMPTY, user_id, DELETED, timeout=A_DAY)
    await connection.execute(FORGET_EARLIER, user_id, timeout=A_DAY)
    await connection.execute(FORGET_MENTIONS, user_id, timeout=A_DAY)
    await connection.execute(FORGET_PREVIEWS, user_id, timeout=A_DAY)
    await connection.execute(DELETE, user_id, timeout=A_DAY)
    await connection.execute("DELETE FROM reactions WHERE user_id = $1", user_id)


async def hand_over_messages(connection: Connection, user_id: str, other_id: str) -> None:
    """From now on, another user is the author."""
    await connection.execute(FORGET_DELETED)
    for statement in HAND_OVER:
        await connection.execute(statement, user_id, other_id, timeout=A_DAY)
    for statement in FORGET:
        await connection.execute(statement, user_id)
