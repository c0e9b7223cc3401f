"""The text of PDFs, taken out for search or when an agent first reads one, and kept."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from bullpen.files.pdf_process import PdfText, text_of_pdf
from bullpen.files.queries import MAY_READ
from bullpen.files.storage import FileStorage
from bullpen.kit.database import Database, fetch_one
from bullpen.kit.errors import NotFound
from bullpen.members.actor import Actor

PDF = "application/pdf"
# Larger ones are not read.
LARGEST = 50_000_000
# What an answer waits for at most. What was not read by then, the agent can still ask for.
MOST_SECONDS = 20.0

# What there is to say of a PDF without text. `ck_file_texts_problem` has the same words.
PROBLEMS = {
    "damaged": "This PDF is damaged: its text cannot be read.",
    "encrypted": "This PDF is protected by a password: its text cannot be read.",
    "scan": "This PDF has no text that can be read: it may be a scan.",
    "too_costly": "The text of this PDF takes too much time or memory to read.",
    "too_large": f"This PDF is larger than {LARGEST // 1_000_000} MB: its text cannot be read.",
}
NOT_NOW = "The text of this PDF could not be read just now. Try again later."

UNREAD = f"""
SELECT f.size FROM files f WHERE f.id = $1 AND f.media_type = '{PDF}' AND f.completed_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM file_texts t WHERE t.file_id = f.id)
"""
UNREAD_OF = f"""
SELECT f.id FROM files f WHERE f.message_id = ANY ($2) AND f.media_type = '{PDF}' AND {MAY_READ}
  AND NOT EXISTS (SELECT FROM file_texts t WHERE t.file_id = f.id)
ORDER BY f.message_id, f.place LIMIT $3
"""
# Of a file that is still there; another reader may have been faster.
KEEP = """
INSERT INTO file_texts (file_id, content, problem)
SELECT id, $2, $3 FROM files WHERE id = $1 FOR KEY SHARE ON CONFLICT (file_id) DO NOTHING
"""


async def keep_text(database: Database, file_id: UUID) -> None:
    """Of a PDF whose text has not been kept yet. The caller has checked who may read it.

    Outside of any transaction: it takes seconds. If it is interrupted, the next reader starts
    again.
    """
    unread = await fetch_one(database, UNREAD, file_id)
    if unread is None:
        return
    size: int = unread[0]
    if size > LARGEST:
        await database.write(KEEP, file_id, None, "too_large")
        return
    found: PdfText | None = None
    # The file was deleted meanwhile: the next read finds no file and says so.
    with suppress(NotFound):
        found = await text_of_pdf(FileStorage(database).read(file_id, 0, size))
    if found is not None:
        content = None if found.text is None else found.text.encode()
        await database.write(KEEP, file_id, content, found.problem)


async def keep_texts_of(
    database: Database, actor: Actor, message_ids: Sequence[UUID], *, most: int
) -> None:
    """Of PDFs of these messages, as far as the actor may read them and there is time."""
    with suppress(TimeoutError):
        async with asyncio.timeout(MOST_SECONDS):
            for row in await database.fetch(UNREAD_OF, actor.user_id, list(message_ids), most):
                await keep_text(database, row[0])
