"""read_file."""

from typing import Annotated
from uuid import UUID

from asyncpg import Connection
from pydantic import Field

from bullpen.agents import prompt_escaping
from bullpen.agents.tools.arguments import Arguments
from bullpen.agents.tools.audience import readers_here
from bullpen.agents.tools.base import Tool, ToolContext, ToolProblem
from bullpen.files.excerpts import PORTION, read_excerpt
from bullpen.files.pdf_texts import PDF, keep_text
from bullpen.kit.database import Database
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.runs.trace_privacy import note_private_source

WITHHELD = (
    "Withheld: a file of a message in {channel}, which not everybody can read who reads what the"
    " agent answers here."
)


class ReadFile(Arguments):
    file: Annotated[UUID, Field(description="The id of a file of a message.")]
    start: Annotated[
        int,
        Field(
            ge=0,
            le=2**53,
            description="The byte of the text to begin at; `next` of an answer goes on behind it.",
        ),
    ] = 0


async def prepare(database: Database, context: ToolContext, arguments: ReadFile) -> None:
    """Only of a file that will be read: how long it takes tells nothing of others."""
    readers = await readers_here(database, context)
    found = await read_excerpt(database, context.actor, arguments.file, readers, start=0)
    if found is not None and not found.is_beyond and found.media_type == PDF:
        await keep_text(database, arguments.file)


async def read(connection: Connection, context: ToolContext, arguments: ReadFile) -> str:
    readers = await readers_here(connection, context)
    found = await read_excerpt(
        connection, context.actor, arguments.file, readers, start=arguments.start
    )
    if found is None or found.is_beyond:
        # In the same words: that there is such a file is for its readers to know.
        unknown = NotFound(ErrorCode.FILE_NOT_FOUND)
        withheld = None if found is None else (found.channel_id, WITHHELD)
        raise ToolProblem(unknown.message, withheld=withheld)
    await note_private_source(connection, context.run_id, [found.channel_id])
    if found.problem is not None:
        raise ToolProblem(f"'{found.name}': {found.problem}")
    if found.text is None:
        raise ToolProblem(f"'{found.name}' is no text ({found.media_type}): it cannot be read.")
    shown = {
        "name": found.name,
        "mediaType": found.media_type,
        "bytes": found.size,
        "text": found.text,
    }
    if found.end < found.size:
        shown["next"] = found.end
    return prompt_escaping.line(shown)


READ_FILE = Tool(
    "read_file",
    f"Reads a text file or a PDF of a message, {PORTION:,} bytes at a time; answers JSON.",
    ReadFile,
    read,
    has_effect=False,
    prepare=prepare,
)
