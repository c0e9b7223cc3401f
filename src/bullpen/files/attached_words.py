"""What search finds of the files of a message: their names, and the beginning of their texts.

A trigger notes each message that gets files. Their words are read outside of its transaction.
"""

from uuid import UUID

from asyncpg import Connection
from msgspec import Struct

from bullpen.files.excerpts import TEXT_TYPES, whole_characters
from bullpen.files.media_types import HTML, SVG
from bullpen.files.pdf_texts import PDF, keep_text
from bullpen.files.storage import read_part
from bullpen.kit.database import Database, Reader, fetch_one

READABLE = {*TEXT_TYPES, HTML, SVG}
# Of each file, in bytes; and of all of a message together, which is far less than an index holds.
SEARCHED = 20_000
SEARCHED_OF_MESSAGE = 200_000

# What could not be read is tried again then.
CLAIM = """
UPDATE attached_words SET claimed_until = clock_timestamp() + interval '2 minutes'
WHERE message_id = (
    SELECT message_id FROM attached_words WHERE words IS NULL AND claimed_until < clock_timestamp()
    ORDER BY claimed_until, message_id LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING message_id
"""
FILES = """
SELECT id, name, media_type, size FROM files
WHERE message_id = $1 AND completed_at IS NOT NULL ORDER BY place
"""
FILE = "SELECT id, name, media_type, size FROM files WHERE id = $1 AND completed_at IS NOT NULL"
TEXT_OF_PDF = "SELECT substring(content FOR $2) FROM file_texts WHERE file_id = $1"
KEEP = "UPDATE attached_words SET words = words_of($2) WHERE message_id = $1"


class Attached(Struct, frozen=True):
    id: UUID
    name: str
    media_type: str
    size: int


async def claim(database: Database) -> UUID | None:
    """A message whose files are to be read now, by this process alone."""
    rows = await database.write(CLAIM)
    return rows[0][0] if rows else None


async def attached_text(database: Database, message_id: UUID) -> str | None:
    """What is found of its files. None: a PDF could not be read just now."""
    texts = []
    for row in await database.fetch(FILES, message_id):
        file = Attached(*row)
        if file.media_type == PDF:
            await keep_text(database, file.id)
            if await fetch_one(database, TEXT_OF_PDF, file.id, 1) is None:
                return None
        texts += [file.name, await beginning_of(database, file)]
    whole = "\n".join(texts).encode()[:SEARCHED_OF_MESSAGE]
    return whole.decode(errors="ignore")


async def text_of_file(reader: Reader, file_id: UUID) -> str:
    """What is found of it beside its name. The caller has checked who may read it."""
    row = await fetch_one(reader, FILE, file_id)
    return "" if row is None else await beginning_of(reader, Attached(*row))


async def beginning_of(reader: Reader, file: Attached) -> str:
    """Of its text; empty if it has none."""
    content: bytes | None = None
    if file.media_type == PDF:
        row = await fetch_one(reader, TEXT_OF_PDF, file.id, SEARCHED)
        content = None if row is None else row[0]
    elif file.media_type in READABLE:
        content = await read_part(reader, file.id, 0, min(file.size, SEARCHED))
    # Postgres stores no text with it.
    return whole_characters(content or b"")[0].replace("\0", " ")


async def keep_words(connection: Connection, message_id: UUID, text: str) -> None:
    await connection.execute(KEEP, message_id, text)
