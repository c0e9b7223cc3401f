"""Messages are found by their files: the words of these are added to those of the message."""

import asyncio
import logging
from contextlib import suppress
from uuid import UUID

from asyncpg import PostgresError
from msgspec import Struct

from bullpen.chat.queries import Message
from bullpen.files.attached_words import attached_text, claim, keep_words, text_of_file
from bullpen.kit.database import Database, Reader, fetch_one
from bullpen.kit.errors import AppError
from bullpen.kit.fulltext import read_places, read_stemmed
from bullpen.kit.marks import Segment, marked

POLL_SECONDS = 2.0
# An edit of the message waits, and has the words of the files then.
LOCK = "SELECT FROM messages WHERE id = $1 FOR NO KEY UPDATE"
ADD = """
UPDATE message_words w
SET words = message_words_of(m.text, m.user_id, m.channel_id) || a.words
FROM messages m JOIN attached_words a ON a.message_id = m.id
WHERE m.id = $1 AND w.message_id = m.id
"""
PLACES = "SELECT places_of(words_of($1), $2::jsonb)"

log = logging.getLogger(__name__)


async def keep_reading(database: Database) -> None:
    """Reads what messages get as files, as long as the server runs."""
    while True:
        try:
            while await read_next(database):
                pass
        except AppError:
            pass
        except PostgresError:
            # One message that cannot be read must not keep the others from being found.
            log.exception("files: words could not be read; will try again")
        await asyncio.sleep(POLL_SECONDS)


async def read_next(database: Database) -> bool:
    """Whether there was a message to read the files of."""
    message_id = await claim(database)
    if message_id is None:
        return False
    with suppress(AppError):
        text = await attached_text(database, message_id)
        if text is not None:
            async with database.transaction() as connection:
                await connection.execute(LOCK, message_id)
                await keep_words(connection, message_id, text)
                await connection.execute(ADD, message_id)
    return True


class InFile(Struct, frozen=True):
    """Which file of a message was found, and what it says there."""

    file_id: UUID
    segments: list[Segment]


async def found_in_files(reader: Reader, message: Message, terms: str) -> InFile | None:
    """The first file of a message that has words of the search. The actor can read the message."""
    for file in message.files or ():
        text = ""
        # The bucket may be away: what was found is shown nevertheless.
        with suppress(AppError):
            text = await text_of_file(reader, file.id)
        for said in (text, file.name):
            row = await fetch_one(reader, PLACES, said, terms)
            places = read_places(None if row is None else row[0])
            segments = marked(said, read_stemmed(terms), places)
            if any(segment.hit for segment in segments):
                return InFile(file.id, segments)
    return None
