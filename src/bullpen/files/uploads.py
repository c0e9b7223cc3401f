"""Uploads: content that arrives in portions becomes a file, or leaves nothing behind."""

import asyncio
from collections.abc import AsyncIterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from asyncpg import Connection
from msgspec import Struct

from bullpen.files.bucket import connected
from bullpen.files.media_types import (
    HEAD,
    PICTURES,
    UNKNOWN,
    TextCheck,
    type_by_signature,
    type_of_text,
)
from bullpen.files.names import safe_name
from bullpen.files.queries import File, get_file
from bullpen.files.storage import BEGINNING, CHUNK, OBJECT, FileStorage, new_folder
from bullpen.kit.database import Database
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import AppError, Conflict, Invalid, NotFound
from bullpen.kit.pictures import CleanPicture, clean_picture, picture_without_locations
from bullpen.kit.sql import change
from bullpen.members.actor import Actor

# Larger pictures are kept, and neither decoded nor shown.
LARGEST_PICTURE = 50_000_000
# Pictures that browsers do not all show: downloaded, without their location.
OTHER_PICTURES = ("image/heic", "image/avif", "image/tiff")
# An unfinished upload that nobody has touched for so long has ended with its server.
DEAD_AFTER = "1 minute"
TOUCH_SECONDS = 10.0
REMOVE_SECONDS = 20.0
# How long a file waits for a message that takes it.
KEPT_FOR = "7 days"

KNOWN = "SELECT user_id, completed_at IS NOT NULL FROM files WHERE id = $1 FOR UPDATE"
FORGET = "DELETE FROM files WHERE id = $1"
BEGIN = "INSERT INTO files (id, user_id, name, attempt) VALUES ($1, $2, $3, $4)"
BEGIN_IN_BUCKET = "INSERT INTO file_objects (file_id, folder) VALUES ($1, $2)"
DISCARD = "DELETE FROM files WHERE id = $1 AND attempt = $2 AND completed_at IS NULL"
COMPLETE = """
UPDATE files SET media_type = $3, size = $4, width = $5, height = $6, thumbnail = $7,
    completed_at = clock_timestamp(), touched_at = clock_timestamp()
WHERE id = $1 AND attempt = $2 AND completed_at IS NULL
"""
KEEP_BEGINNING = "INSERT INTO file_chunks (file_id, place, content) VALUES ($1, 0, $2)"
TOUCH = "UPDATE files SET touched_at = clock_timestamp() WHERE id = $1 AND attempt = $2"
# One that a message took belongs to the message.
REMOVE = "DELETE FROM files WHERE id = $1 AND user_id = $2 AND message_id IS NULL"
# As if it had been uploaded then.
KEEP = """
UPDATE files SET touched_at = GREATEST(touched_at, $3)
WHERE id = ANY ($2) AND user_id = $1 AND message_id IS NULL AND completed_at IS NOT NULL
RETURNING id
"""
# Not those that a message is taking right now. A few at a time: large ones take a while.
ABANDONED = f"""
DELETE FROM files WHERE id IN (
    SELECT id FROM files WHERE message_id IS NULL
      AND touched_at < clock_timestamp() - CASE WHEN completed_at IS NULL
          THEN interval '{DEAD_AFTER}' ELSE interval '{KEPT_FOR}' END
    ORDER BY touched_at LIMIT 5 FOR UPDATE SKIP LOCKED
)
"""
# Not while a write to the bucket may be under way that began before the file was deleted.
OBJECTS_AFTER = timedelta(minutes=2)
REMOVED = """
SELECT folder FROM removed_objects WHERE removed_at < clock_timestamp() - $1::interval
ORDER BY removed_at LIMIT 1 FOR UPDATE SKIP LOCKED
"""
FORGET_REMOVED = "DELETE FROM removed_objects WHERE folder = $1"
A_DAY = 24 * 3600
TAKEN = "Another file already has this id. Use a new id for a new file."
EMPTY = "The file is empty. Choose another one."


class Upload(Struct, frozen=True):
    file_id: UUID
    attempt: UUID
    name: str
    # Of its content in the bucket; None: it goes to Postgres.
    folder: str | None = None

    @property
    def portion(self) -> int:
        """How many bytes are written at once."""
        return CHUNK if self.folder is None else OBJECT


class Kept(Struct, frozen=True):
    """Content that has been written, and not yet inspected."""

    size: int
    media_type: str
    # The beginning of a text.
    beginning: bytes | None


async def begin(database: Database, actor: Actor, file_id: UUID, name: str) -> Upload | File:
    """The file itself, where it was uploaded before: the same upload may be sent again."""
    async with database.transaction() as connection:
        known = await connection.fetchrow(KNOWN, file_id)
        if known is not None and known[0] != actor.user_id:
            raise Conflict(ErrorCode.ID_TAKEN, TAKEN)
        if known is not None and known[1]:
            return await get_file(connection, actor, file_id)
        if known is not None:
            await connection.execute(FORGET, file_id, timeout=A_DAY)
        attempt = uuid4()
        upload = Upload(file_id, attempt, safe_name(name), new_folder(file_id, attempt))
        await connection.execute(BEGIN, file_id, actor.user_id, upload.name, attempt)
        if upload.folder is not None:
            await connection.execute(BEGIN_IN_BUCKET, file_id, upload.folder)
    return upload


async def receive(
    database: Database,
    storage: FileStorage,
    actor: Actor,
    upload: Upload,
    portions: AsyncIterable[bytes],
) -> File:
    """Whatever breaks it off, the content that has arrived by then is removed."""
    touching = asyncio.create_task(keep_touching(database, upload))
    try:
        kept = await keep(storage, upload, portions)
        picture = await inspected(storage, upload, kept)
        await complete(database, upload, kept, picture)
    except BaseException:
        await asyncio.shield(discard(database, upload))
        raise
    finally:
        touching.cancel()
    return await get_file(database, actor, upload.file_id)


async def complete(
    database: Database, upload: Upload, kept: Kept, picture: CleanPicture | None
) -> None:
    values: tuple[object, ...] = (kept.media_type, kept.size, None, None, None)
    if picture is not None:
        drawn = (picture.width, picture.height, picture.thumbnail)
        values = (kept.media_type, len(picture.content), *drawn)
    elif kept.media_type in PICTURES:
        values = (UNKNOWN, *values[1:])
    async with database.transaction() as connection:
        if not await change(connection, COMPLETE, upload.file_id, upload.attempt, *values):
            raise Conflict(ErrorCode.CHANGED_MEANWHILE, "The upload was canceled.")
        if upload.folder is not None and kept.beginning is not None:
            await connection.execute(KEEP_BEGINNING, upload.file_id, kept.beginning)


async def keep(storage: FileStorage, upload: Upload, portions: AsyncIterable[bytes]) -> Kept:
    """Writes the content as it arrives."""
    head = b""
    text = TextCheck()
    waiting = bytearray()
    size = place = 0
    async for portion in portions:
        if len(head) < HEAD:
            head = (head + portion)[:HEAD]
        text.add(portion)
        size += len(portion)
        waiting += portion
        while len(waiting) >= upload.portion:
            await write(storage, upload, place, bytes(waiting[: upload.portion]))
            del waiting[: upload.portion]
            place += 1
    if not size:
        raise Invalid(ErrorCode.FILE_EMPTY, EMPTY)
    text.add(b"", last=True)
    if waiting:
        await write(storage, upload, place, bytes(waiting))
    media_type = type_by_signature(head)
    if media_type == UNKNOWN and text.is_text:
        media_type = type_of_text(head, upload.name)
    return Kept(size, media_type, head[:BEGINNING] if text.is_text else None)


async def write(storage: FileStorage, upload: Upload, place: int, content: bytes) -> None:
    await storage.write(upload.file_id, upload.attempt, upload.folder, place, content)


async def inspected(storage: FileStorage, upload: Upload, kept: Kept) -> CleanPicture | None:
    """A picture that can be shown. Its metadata, and the location of others, are removed."""
    media_type, size = kept.media_type, kept.size
    if media_type not in (*PICTURES, *OTHER_PICTURES) or size > LARGEST_PICTURE:
        return None
    async with storage.inspecting:
        parts = [part async for part in storage.read(upload.file_id, 0, size)]
        file = b"".join(parts)
        del parts
        if media_type in OTHER_PICTURES:
            picture, content = None, await picture_without_locations(file)
        else:
            picture = await clean_picture(file, media_type)
            content = await picture_without_locations(file) if picture is None else picture.content
        if content != file:
            await storage.empty(upload.file_id, upload.attempt, upload.folder)
            for place, start in enumerate(range(0, len(content), upload.portion)):
                await write(storage, upload, place, content[start : start + upload.portion])
    return picture


async def keep_touching(database: Database, upload: Upload) -> None:
    """Says that this upload goes on, however slow its client is."""
    while True:
        await asyncio.sleep(TOUCH_SECONDS)
        with suppress(AppError):
            await database.write(TOUCH, upload.file_id, upload.attempt)


async def discard(database: Database, upload: Upload) -> None:
    async with database.transaction() as connection:
        await connection.execute(DISCARD, upload.file_id, upload.attempt, timeout=A_DAY)


async def remove(connection: Connection, actor: Actor, file_id: UUID) -> None:
    """Of a file that no message has; a message's files go with it."""
    if not await change(connection, REMOVE, file_id, actor.user_id):
        raise NotFound(ErrorCode.FILE_NOT_FOUND)


async def keep_removing(database: Database) -> None:
    """What `remove_abandoned` and `remove_objects` find, as long as the server runs."""
    while True:
        with suppress(AppError):
            await remove_abandoned(database)
            await remove_objects(database)
        await asyncio.sleep(REMOVE_SECONDS)


async def remove_abandoned(database: Database) -> int:
    """Unfinished uploads of servers that are gone, and files that no message took."""
    removed = 0
    while True:
        async with database.transaction() as connection:
            done: str = await connection.execute(ABANDONED, timeout=A_DAY)
        portion = int(done.rpartition(" ")[2])
        removed += portion
        if not portion:
            return removed


async def remove_objects(database: Database) -> int:
    """From the bucket, of files that are deleted: of how many of them."""
    bucket = connected()
    removed = 0
    while bucket is not None:
        async with database.transaction() as connection:
            row = await connection.fetchrow(REMOVED, OBJECTS_AFTER)
            if row is None:
                break
            await bucket.remove(row[0])
            await connection.execute(FORGET_REMOVED, row[0])
        removed += 1
    return removed


async def keep_until(
    connection: Connection, actor: Actor, file_ids: Sequence[UUID], at: datetime
) -> bool:
    """Keeps files for a message that is sent later; whether all of them can be attached."""
    return len(await connection.fetch(KEEP, actor.user_id, file_ids, at)) == len(file_ids)
