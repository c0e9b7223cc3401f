"""Sets a workspace that nobody uses yet back to a moment: the copy that `bullpen fork` makes.

Messages, memory and the queue become what they were. Members, channels, settings and what was
deleted since stay as they are today. Call this before functions and triggers are applied: a trigger
would record each step as a change of today.
"""

from datetime import datetime

from asyncpg import Connection

# In this order. `$1`, where a statement has it, is the moment.
STATEMENTS = (
    # Messages: their texts first, since an edit is newer than its message.
    """
    UPDATE messages m SET text = past.text FROM (
        SELECT DISTINCT ON (e.message_id) e.message_id, e.text FROM earlier_texts e
        WHERE e.replaced_at > $1 ORDER BY e.message_id, e.replaced_at, e.id
    ) past WHERE m.id = past.message_id
    """,
    "DELETE FROM message_edits WHERE edited_at > $1",
    "DELETE FROM earlier_texts WHERE replaced_at > $1",
    """
    INSERT INTO message_edits (message_id, edited_at)
    SELECT message_id, max(replaced_at) FROM earlier_texts WHERE replaced_at <= $1
    GROUP BY message_id ON CONFLICT (message_id) DO NOTHING
    """,
    "DELETE FROM reactions WHERE created_at > $1",
    "DELETE FROM reacted_messages",
    """
    INSERT INTO reacted_messages (message_id, user_id, channel_id, reacted_at, read_at)
    SELECT m.id, m.user_id, m.channel_id, max(r.created_at), max(r.created_at)
    FROM reactions r JOIN messages m ON m.id = r.message_id
    WHERE r.user_id <> m.user_id GROUP BY m.id
    """,
    "DELETE FROM message_pins WHERE pinned_at > $1",
    "DELETE FROM saved_messages WHERE saved_at > $1",
    "DELETE FROM scheduled_posts WHERE created_at > $1",
    "DELETE FROM deleted_messages",
    "DELETE FROM messages WHERE created_at > $1",
    # Memory.
    """
    UPDATE memory_blocks b SET content = past.content, updated_at = past.created_at FROM (
        SELECT DISTINCT ON (v.block_id) v.* FROM memory_block_versions v
        WHERE v.created_at <= $1 ORDER BY v.block_id, v.version DESC
    ) past WHERE b.id = past.block_id AND b.content <> past.content
    """,
    "DELETE FROM memory_block_versions WHERE created_at > $1",
    """
    DELETE FROM memory_blocks b
    WHERE NOT EXISTS (SELECT FROM memory_block_versions v WHERE v.block_id = b.id)
    """,
    """
    UPDATE private_notes n
    SET content = past.content, version = past.version, updated_at = past.created_at
    FROM (
        SELECT DISTINCT ON (v.note_id) v.* FROM private_note_versions v
        WHERE v.created_at <= $1 ORDER BY v.note_id, v.version DESC
    ) past WHERE n.id = past.note_id
    """,
    "DELETE FROM private_note_versions WHERE created_at > $1",
    """
    DELETE FROM private_notes n
    WHERE NOT EXISTS (SELECT FROM private_note_versions v WHERE v.note_id = n.id)
    """,
    "DELETE FROM archival_passages WHERE created_at > $1",
    # Plans that were made later.
    "DELETE FROM recurring_messages WHERE created_at > $1",
    """
    DELETE FROM scheduled_messages s WHERE s.created_at > $1
      AND NOT EXISTS (SELECT FROM recurring_messages r WHERE r.next_id = s.id)
    """,
    # The queue: a run that waited waits again. One that was under way may have posted already, so
    # it ends: a second answer would be another one.
    "DELETE FROM runs WHERE created_at > $1",
    """
    UPDATE runs SET status = 'cancelled', stop_reason = 'cancelled', completed_at = $1
    WHERE started_at <= $1 AND (completed_at IS NULL OR completed_at > $1)
    """,
    """
    DELETE FROM run_steps s USING runs r
    WHERE s.run_id = r.id AND (r.started_at IS NULL OR r.started_at > $1)
    """,
    """
    DELETE FROM run_messages m USING runs r
    WHERE m.run_id = r.id AND (r.started_at IS NULL OR r.started_at > $1)
    """,
    """
    UPDATE run_details d SET history = NULL, problem = NULL, cost_usd = NULL FROM runs r
    WHERE r.id = d.run_id AND (r.started_at IS NULL OR r.started_at > $1)
    """,
    """
    UPDATE runs SET status = 'created', stop_reason = NULL, started_at = NULL,
        completed_at = NULL, token_usage = NULL
    WHERE (started_at IS NULL OR started_at > $1)
      AND (completed_at IS NULL OR completed_at > $1)
      AND (channel_id IS NULL OR EXISTS (SELECT FROM channels c WHERE c.id = channel_id))
    """,
    "DELETE FROM mailbox",
    """
    INSERT INTO mailbox (run_id, agent_id, channel_id, thread_id, priority, queued_at)
    SELECT r.id, r.agent_id, r.channel_id, d.thread_id,
           CASE d.kind WHEN 'schedule' THEN 2 WHEN 'again' THEN 0 ELSE 1 END, r.created_at
    FROM runs r JOIN run_details d ON d.run_id = r.id
    WHERE r.status = 'created'
    """,
    # Clients have to load everything; the newest event says how far the numbers are.
    "DELETE FROM events WHERE id < (SELECT max(id) FROM events)",
)
# Another rule than today's: when functions are applied, all words are made anew.
FORGET_WORDS = "COMMENT ON INDEX ix_message_words_words IS 'rewound'"


async def rewind(connection: Connection, at: datetime) -> None:
    """In the caller's transaction."""
    for statement in STATEMENTS:
        await connection.execute(statement, *([at] if "$1" in statement else []))
    await connection.execute(FORGET_WORDS)
