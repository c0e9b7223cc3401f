"""Collects the words of all agents, once after the rule for them has changed.

Which rule the words in a database were made by is the comment on their index.
"""

import hashlib

import asyncpg

from bullpen.migrations import functions
from bullpen.migrations.search_words import RULE as RULE_OF_TEXTS

RULE = (*RULE_OF_TEXTS, "keep_agent_words", "keep_memory_words", "note_agent_words")
INDEX = "ix_agent_words_agent_id_source"
RULE_OF_WORDS = f"SELECT obj_description('{INDEX}'::regclass, 'pg_class')"
# As the triggers do it: each is told of a row that it has not seen.
COLLECT = (
    "TRUNCATE agent_words",
    "UPDATE agents SET system_prompt = system_prompt",
    "UPDATE memory_blocks SET content = content",
)


def rule() -> str:
    text = "\0".join(functions.files()[name] for name in RULE)
    return hashlib.sha256(text.encode()).hexdigest()


async def refresh(connection: asyncpg.Connection) -> None:
    """Call this in the transaction that has applied the functions."""
    if await connection.fetchval(RULE_OF_WORDS) == rule():
        return
    for statement in (*COLLECT, f"COMMENT ON INDEX {INDEX} IS '{rule()}'"):
        await connection.execute(statement)
