"""The lines that an agent answers from while it has no model, with the words of their topics."""

from collections.abc import Sequence

import msgspec
from asyncpg import Connection

from bullpen.agents.scripted.lines import Lines
from bullpen.kit.database import Reader, fetch_one

GET = "SELECT words, lines::text FROM agent_lines WHERE agent_id = $1"
SET = """
INSERT INTO agent_lines (agent_id, words, lines) VALUES ($1, $2, $3::text::jsonb)
ON CONFLICT (agent_id) DO UPDATE SET words = EXCLUDED.words, lines = EXCLUDED.lines
"""


async def get_lines(reader: Reader, agent_id: str) -> tuple[list[str], Lines] | None:
    row = await fetch_one(reader, GET, agent_id)
    return None if row is None else (row[0], msgspec.json.decode(row[1], type=Lines))


async def set_lines(
    connection: Connection, agent_id: str, words: Sequence[str], lines: Lines
) -> None:
    text = msgspec.json.encode(lines).decode()
    await connection.execute(SET, agent_id, list(words), text)
