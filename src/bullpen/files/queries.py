"""Reads of files: who may read one, and what messages show of theirs."""

from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, json

from bullpen.kit.database import Reader, fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.members.access import ACTIVE, readable
from bullpen.members.actor import Actor

# What is shown of a file `f`. The SQL function `files_of` has it as well, for events.
FILE_JSON = """
jsonb_strip_nulls(jsonb_build_object(
    'id', f.id, 'name', f.name, 'mediaType', f.media_type, 'size', f.size,
    'width', f.width, 'height', f.height,
    'thumbnail', CASE WHEN f.thumbnail IS NOT NULL THEN '/api/files/' || f.id || '/thumbnail' END
))
"""
# The files of all messages of a page at once.
ATTACHED = f"""
LEFT JOIN (
    SELECT f.message_id, jsonb_agg({FILE_JSON} ORDER BY f.place)::text AS files
    FROM files f WHERE f.message_id = ANY (ARRAY(SELECT id FROM page)) GROUP BY f.message_id
) attached ON attached.message_id = p.id
"""
# The condition that the actor may read a file `f`: readers of its message may, and before it
# has one its uploader.
MAY_READ = f"""
f.completed_at IS NOT NULL AND {ACTIVE} AND (
    f.message_id IS NULL AND f.user_id = $1 OR EXISTS (
        SELECT FROM messages m JOIN channels c ON c.id = m.channel_id
        WHERE m.id = f.message_id AND {readable("c")}
    )
)
"""
FIND = f"SELECT {FILE_JSON}::text FROM files f WHERE f.id = $2 AND {MAY_READ}"
THUMBNAIL = f"""
SELECT CASE WHEN $3 THEN NULL ELSE f.thumbnail END FROM files f
WHERE f.id = $2 AND f.thumbnail IS NOT NULL AND {MAY_READ}
"""


class File(Struct, rename="camel", gc=False, omit_defaults=True):
    """A file that was uploaded. Its content is at `/api/files/{id}`."""

    id: Annotated[UUID, Meta(description="Id of the file.")]
    name: Annotated[str, Meta(description="What it is called, without folders.")]
    media_type: Annotated[str, Meta(description="What it is, found out from its content.")]
    size: Annotated[int, Meta(description="Its size in bytes.")]
    width: (
        Annotated[int, Meta(description="Of a picture, in pixels. Left out of other files.")]
        | UnsetType
    ) = UNSET
    height: (
        Annotated[int, Meta(description="Of a picture, in pixels. Left out of other files.")]
        | UnsetType
    ) = UNSET
    thumbnail: (
        Annotated[
            str, Meta(description="Path of a small WebP of a picture. Left out of other files.")
        ]
        | UnsetType
    ) = UNSET


_file = json.Decoder(File)
_files = json.Decoder(list[File])


def files_of(text: str) -> list[File]:
    """Of what `ATTACHED` selects."""
    return _files.decode(text)


async def get_file(reader: Reader, actor: Actor, file_id: UUID) -> File:
    """What the actor may not read is not there."""
    row = await fetch_one(reader, FIND, actor.user_id, file_id)
    if row is None:
        raise NotFound(ErrorCode.FILE_NOT_FOUND)
    return _file.decode(row[0])


class Thumbnail(Struct, frozen=True):
    """None for a client that has it already."""

    content: bytes | None


async def get_thumbnail(reader: Reader, actor: Actor, file_id: UUID, *, known: bool) -> Thumbnail:
    row = await fetch_one(reader, THUMBNAIL, actor.user_id, file_id, known)
    if row is None:
        raise NotFound(ErrorCode.FILE_NOT_FOUND)
    return Thumbnail(row[0])
