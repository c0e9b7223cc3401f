"""A workspace of any size, made inside Postgres."""

import time

import asyncpg

from bullpen.migrations.search_words import rebuild

CHANNELS = 100
PEOPLE = 50

EMPTY = """
TRUNCATE agents, user_states, channels, channel_members, messages, reactions, read_cursors,
         workspace CASCADE
"""
WORKSPACE = """
INSERT INTO workspace (pack_id, name, default_user_id, session_key)
VALUES ('bench', 'Bench', 'user-1', decode(repeat('ab', 32), 'hex'))
"""
AGENTS = """
INSERT INTO agents (id, display_name, title, avatar_color, system_prompt)
SELECT 'user-' || n, 'User ' || n, 'Tester', '#4A90D9', 'You test.' FROM generate_series(1, $1) n
"""
CHANNEL_ROWS = """
INSERT INTO channels (id, name, kind)
SELECT 'channel-' || n, 'channel-' || n, CASE n % 4 WHEN 0 THEN 'private' ELSE 'public' END
FROM generate_series(1, $1) n
"""
MEMBERS = """
INSERT INTO channel_members (channel_id, user_id)
SELECT 'channel-' || c, 'user-' || u
FROM generate_series(1, $1) c, generate_series(1, $2) u
"""
# A tenth of the messages have replies (two to five, by some of the people), which count as
# messages of their own; a third have reactions (one to four).
MESSAGES = """
INSERT INTO messages (id, channel_id, user_id, text, created_at)
SELECT gen_random_uuid(), 'channel-' || (1 + n % $2), 'user-' || (1 + (n::bigint * 7919) % $3),
       {text},
       now() - ($1 - n) * interval '3 seconds'
FROM generate_series(1, $1) n
"""
REPLIES = """
INSERT INTO messages (channel_id, parent_message_id, user_id, text, created_at)
SELECT m.channel_id, m.id, 'user-' || (1 + (get_byte(uuid_send(m.id), 1) + r * 13) % $1),
       'A reply to that.', m.created_at + r * interval '1 minute'
FROM messages m, generate_series(1, 2 + get_byte(uuid_send(m.id), 2) % 4) r
WHERE get_byte(uuid_send(m.id), 0) % 10 = 0
"""
REACTIONS = """
INSERT INTO reactions (message_id, user_id, emoji, created_at)
SELECT m.id, 'user-' || (1 + (get_byte(uuid_send(m.id), 1) + r * 17) % $1),
       (ARRAY['👍', '🎉', '😂'])[1 + (get_byte(uuid_send(m.id), 3) + r) % 3],
       m.created_at + r * interval '1 second'
FROM messages m, generate_series(1, 1 + get_byte(uuid_send(m.id), 2) % 4) r
WHERE m.parent_message_id IS NULL AND get_byte(uuid_send(m.id), 0) % 3 = 0
ON CONFLICT DO NOTHING
"""


TEXT = "repeat('Some words that somebody wrote about paper. ', 1 + n % 5)"
# Twelve of 5,000 words each, the first of which most messages have, and the last hardly any.
WORDS = """(
    SELECT string_agg('word' || floor(power(5000, random()))::int, ' ')
    FROM generate_series(1, 12) WHERE n > 0
)"""


async def fill(url: str, messages: int, text: str = TEXT) -> None:
    """`messages` top-level ones, spread evenly over the channels; `text` is of the number n."""
    connection = await asyncpg.connect(url, command_timeout=1800)
    try:
        await connection.execute(EMPTY)
        await connection.execute(WORKSPACE)
        await connection.execute(AGENTS, PEOPLE)
        await connection.execute(CHANNEL_ROWS, CHANNELS)
        await connection.execute(MEMBERS, CHANNELS, PEOPLE)
        # Checked here already: what is copied from itself needs no trigger a row.
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(MESSAGES.format(text=text), messages, CHANNELS, PEOPLE)
        await connection.execute(REPLIES, PEOPLE)
        await connection.execute(REACTIONS, PEOPLE)
        await connection.execute("RESET session_replication_role")
        # To index everything at once takes a tenth of the time.
        begun = time.perf_counter()
        await rebuild(connection, print)
        print(f"  split into words and indexed in {time.perf_counter() - begun:.0f} s")
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
