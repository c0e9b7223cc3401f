"""Adds to the trace of a run that is under way."""

from typing import NamedTuple
from uuid import UUID

from asyncpg import Connection

from bullpen.kit.ids import new_id
from bullpen.runs.values import MessageType

ADD = """
INSERT INTO run_messages (
    id, run_id, step_id, message_type, content, tool_name, tool_input, created_at
) VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb, clock_timestamp())
"""


class Said(NamedTuple):
    """`tool_input` is JSON; the texts hold nothing that the database cannot store."""

    run_id: UUID
    step_id: UUID | None
    message_type: MessageType
    content: str
    tool_name: str | None
    tool_input: str | None


async def add_message(connection: Connection, said: Said) -> UUID:
    """The run is held by its worker. Answers the id of the entry."""
    entry_id = new_id()
    await connection.execute(ADD, entry_id, *said)
    return entry_id
