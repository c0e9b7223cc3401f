"""Splits all messages and passages into words, once after the rule for words has changed.

Which rule the words in a database were made by is the comment on their index.
"""

import hashlib
from collections.abc import Callable
from itertools import pairwise

import asyncpg

from bullpen.migrations import functions

Say = Callable[[str], None]
RULE = ("break_marks", "fold_text", "message_words_of", "split_words", "stem_word", "words_of")
RULE_OF_WORDS = "SELECT obj_description('ix_message_words_words'::regclass, 'pg_class')"

# A million messages take minutes, and the index is made fastest last.
INDEX = "ix_message_words_words"
INDEX_DEFINITION = "SELECT pg_get_indexdef('ix_message_words_words'::regclass)"
# The times that part all messages into portions, in order; below a portion there are none.
PORTION = 50_000
TIMES = """
SELECT created_at FROM (
    SELECT created_at, row_number() OVER (ORDER BY created_at) AS number FROM messages
) numbered WHERE number % $1 = 0 ORDER BY number
"""
MESSAGES = """
INSERT INTO message_words (message_id, channel_id, user_id, created_at, words)
SELECT id, channel_id, user_id, created_at, message_words_of(text, user_id, channel_id)
FROM messages
WHERE created_at > COALESCE($1::timestamptz, '-infinity')
  AND created_at <= COALESCE($2::timestamptz, 'infinity')
ORDER BY created_at, id
"""
PASSAGES = """
UPDATE archival_words w SET words = words_of(p.content)
FROM archival_passages p WHERE p.id = w.passage_id
"""
# The server reads the files again once it runs.
FILES = "UPDATE attached_words SET words = NULL, claimed_until = '-infinity'"
LONGEST = 4 * 60 * 60


def rule() -> str:
    text = "\0".join(functions.files()[name] for name in RULE)
    return hashlib.sha256(text.encode()).hexdigest()


async def refresh(connection: asyncpg.Connection, say: Say) -> None:
    """Call this in the transaction that has applied the functions."""
    if await connection.fetchval(RULE_OF_WORDS) != rule():
        await rebuild(connection, say)


async def rebuild(connection: asyncpg.Connection, say: Say) -> None:
    """Splits every text again; `say` gets its progress where that takes a while."""
    definition = await connection.fetchval(INDEX_DEFINITION)
    await connection.execute(f"DROP INDEX {INDEX}")
    await connection.execute("TRUNCATE message_words")
    times = [row[0] for row in await connection.fetch(TIMES, PORTION, timeout=LONGEST)]
    for number, (after, until) in enumerate(pairwise([None, *times, None])):
        if times:
            done = f"{number * PORTION:,} of about {len(times) * PORTION:,}"
            say(f"Indexing messages for search: {done}")
        await connection.execute(MESSAGES, after, until, timeout=LONGEST)
    if times:
        say("Indexing messages for search: building the index")
    for statement in (PASSAGES, FILES, definition, f"COMMENT ON INDEX {INDEX} IS '{rule()}'"):
        await connection.execute(statement, timeout=LONGEST)
