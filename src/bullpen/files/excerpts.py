"""Parts of text files and of the text of PDFs, for agents."""

from uuid import UUID

from msgspec import Struct

from bullpen.files.pdf_texts import NOT_NOW, PDF, PROBLEMS
from bullpen.files.queries import MAY_READ
from bullpen.files.storage import read_part
from bullpen.kit.database import Reader, fetch_one
from bullpen.members.actor import Actor
from bullpen.members.readers import Readers

# The media types that agents read as text.
TEXT_TYPES = ("text/plain", "text/markdown", "text/csv", "application/json")
# How much is read at once, in bytes.
PORTION = 16_000
# The most bytes that one character takes in UTF-8.
LONGEST_CHARACTER = 4
# More than the text of any PDF that is kept.
LARGEST_TEXT = 2**30
# All bytes of a character but its first one begin with these two bits.
CONTINUES, OF_BITS = 0x80, 0xC0
FIND = f"""
SELECT f.name, f.media_type, f.size, m.channel_id, readable_by(m.channel_id, $3) AS is_for_all
FROM files f JOIN messages m ON m.id = f.message_id WHERE f.id = $2 AND {MAY_READ}
"""
PART_OF_PDF = """
SELECT substring(content FROM $2 FOR $3), octet_length(content), problem
FROM file_texts WHERE file_id = $1
"""


class Excerpt(Struct, frozen=True):
    """A part of a file. `text`: None if it has none, or is withheld. `end`: the byte behind it.

    `size` is that of the text. `is_beyond`: not all who were given as its readers may read the
    file. `problem`: why it has no text, where there is more to say than its type.
    """

    name: str
    media_type: str
    size: int
    channel_id: str
    is_beyond: bool
    text: str | None
    end: int
    problem: str | None = None


async def read_excerpt(
    reader: Reader, actor: Actor, file_id: UUID, readers: Readers, *, start: int
) -> Excerpt | None:
    """At most `PORTION` bytes, in whole characters, of what `actor` and all `readers` may read.

    None: there is no such file in a message that the actor may read.
    """
    row = await fetch_one(reader, FIND, actor.user_id, file_id, readers.user_ids)
    if row is None:
        return None
    name, media_type, size, channel_id, is_for_all = row
    if not is_for_all or media_type not in (*TEXT_TYPES, PDF):
        return Excerpt(name, media_type, size, channel_id, not is_for_all, None, size)
    if media_type == PDF:
        return await part_of_pdf(reader, file_id, start, name, channel_id)
    start = min(start, size)
    content = await read_part(reader, file_id, start, min(start + PORTION, size))
    text, length = whole_characters(content)
    return Excerpt(name, media_type, size, channel_id, False, text, start + length)


async def part_of_pdf(
    reader: Reader, file_id: UUID, start: int, name: str, channel_id: str
) -> Excerpt:
    # Postgres counts from 1, in 32 bits.
    row = await fetch_one(reader, PART_OF_PDF, file_id, min(start, LARGEST_TEXT) + 1, PORTION)
    content, size, problem = row or (None, 0, None)
    if content is None:
        words = NOT_NOW if problem is None else PROBLEMS[problem]
        return Excerpt(name, PDF, 0, channel_id, False, None, 0, words)
    text, length = whole_characters(content)
    return Excerpt(name, PDF, size, channel_id, False, text, min(start, size) + length)


def whole_characters(content: bytes) -> tuple[str, int]:
    """The text of a part of UTF-8, which may begin and end within a character, and how many bytes
    lie before the next whole character."""
    begin = 0
    while begin < min(len(content), LONGEST_CHARACTER) and content[begin] & OF_BITS == CONTINUES:
        begin += 1
    text = content[begin:].decode(errors="ignore")
    return text, begin + len(text.encode())
