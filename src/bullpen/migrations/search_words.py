"""Splits all messages and passages into words, once after the rule for words has changed.

Which rule the words in a database were made by is the comment on their index.
"""

import hashlib

import asyncpg

from bullpen.migrations import functions

RULE = ("break_marks", "fold_text", "message_words_of", "split_words", "stem_word", "words_of")
RULE_OF_WORDS = "SELECT obj_description('ix_message_words_words'::regclass, 'pg_class')"

# A million messages take minutes, and the index is made fastest last.
INDEX = "ix_message_words_words"
INDEX_DEFINITION = "SELECT pg_get_indexdef('ix_message_words_words'::regclass)"
MESSAGES = """
INSERT INTO message_words (message_id, channel_id, user_id, created_at, words)
SELECT id, channel_id, user_id, created_at, message_words_of(m) FROM messages m
ORDER BY created_at, id
"""
PASSAGES = """
UPDATE archival_words w SET words = words_of(p.content)
FROM archival_passages p WHERE p.id = w.passage_id
"""
LONGEST = 4 * 60 * 60


def rule() -> str:
    text = "\0".join(functions.files()[name] for name in RULE)
    return hashlib.sha256(text.encode()).hexdigest()


async def refresh(connection: asyncpg.Connection) -> None:
    """Call this in the transaction that has applied the functions."""
    if await connection.fetchval(RULE_OF_WORDS) != rule():
        await rebuild(connection)


async def rebuild(connection: asyncpg.Connection) -> None:
    definition = await connection.fetchval(INDEX_DEFINITION)
    for statement in (
        f"DROP INDEX {INDEX}",
        "TRUNCATE message_words",
        MESSAGES,
        PASSAGES,
        definition,
        f"COMMENT ON INDEX {INDEX} IS '{rule()}'",
    ):
        await connection.execute(statement, timeout=LONGEST)
