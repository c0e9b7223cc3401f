"""Files: uploaded first, then named in a message, and served to those who may read it."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse
from msgspec import Meta, Struct

from bullpen.api.http.accounts import Done
from bullpen.api.http.dependencies import CurrentActor, DatabaseDep, StateDep
from bullpen.api.http.etags import is_known
from bullpen.api.http.fields import FileId, Text
from bullpen.api.http.ranges import Range, Unsatisfiable, range_of
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.api.http.stored_pictures import (
    ASKED_EACH_TIME,
    NOT_MODIFIED,
    POLICY,
    picture_response,
    picture_responses,
)
from bullpen.files import queries, uploads
from bullpen.files.media_types import INLINE, TEXT, UNKNOWN
from bullpen.files.names import content_disposition
from bullpen.files.queries import File
from bullpen.kit.ids import new_id

router = Router(prefix="/api/files", tags=["files"])

ANY_CONTENT = {UNKNOWN: {"schema": {"type": "string", "format": "binary"}}}
BODY: dict[str, Any] = {"requestBody": {"required": True, "content": ANY_CONTENT}}
SERVED: dict[int | str, dict[str, Any]] = {
    200: {"description": "The content.", "content": ANY_CONTENT},
    206: {"description": "The part that `Range` asks for.", "content": ANY_CONTENT},
    304: NOT_MODIFIED,
    416: {"description": "The file has no such bytes."},
}


class FileLimits(Struct, rename="camel"):
    """What a file can be at most."""

    largest_file: Annotated[int, Meta(description="In bytes.")]


@router.post(
    "",
    status_code=201,
    openapi_extra=BODY,
    responses={200: {"description": "The file was uploaded already."}},
)
async def upload_file(
    request: Request,
    state: StateDep,
    actor: CurrentActor,
    name: Annotated[Text, Query(description="What it is called, such as `plan.pdf`.")] = "file",
    id: Annotated[  # noqa: A002 - the name of the parameter
        FileId | None,
        Query(description="A new UUID, so that the file can be sent again if no answer came."),
    ] = None,
) -> JsonResponse[File]:
    """Upload a file.

    Send the content as the body. Only the current user can read the file until a message names
    it in `fileIds`; a file that no message names is removed after seven days. What it is follows
    from its content. Where and how a picture was taken is removed from it. An upload that breaks
    off leaves nothing behind.
    """
    begun = await uploads.begin(state.database, actor, id or new_id(), name)
    if isinstance(begun, File):
        async for _ in request.stream():
            pass
        return json_response(begun)
    received = request.stream()
    file = await uploads.receive(state.database, state.files, actor, begun, received)
    return json_response(file, 201)


@router.get("/limits")
async def get_limits(state: StateDep, _: CurrentActor) -> JsonResponse[FileLimits]:
    """Get the limits of files.

    The operator of the server sets them.
    """
    return json_response(FileLimits(state.largest_file))


@router.get("/{file_id}", response_class=Response, responses=SERVED)
async def get_file(
    file_id: FileId, request: Request, state: StateDep, actor: CurrentActor
) -> Response:
    """Download a file.

    For everybody who can read its message and, before there is one, for its uploader. Pictures,
    audio, video and plain text can be shown by a browser; everything else is an attachment.
    Answers parts for `Range`.
    """
    file = await queries.get_file(state.database, actor, file_id)
    tag = f'"{file_id}"'
    headers = headers_of(file, tag)
    if is_known(request, tag):
        return Response(status_code=304, headers=headers)
    part = range_of(request, file.size, tag)
    if isinstance(part, Unsatisfiable):
        return Response(status_code=416, headers={"Content-Range": f"bytes */{file.size}"})
    start, end = part or Range(0, file.size)
    headers["Content-Length"] = str(end - start)
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    content = await begun(state.files.read(file_id, start, end))
    return StreamingResponse(content, 206 if part else 200, headers)


async def begun(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """With its first part read: a file that cannot be read is answered with an error."""
    first = await anext(parts, b"")

    async def all_of_them() -> AsyncIterator[bytes]:
        yield first
        async for part in parts:
            yield part

    return all_of_them()


def headers_of(file: File, tag: str) -> dict[str, str]:
    inline = file.media_type in INLINE
    content_type = file.media_type if inline else UNKNOWN
    return {
        "Content-Type": f"{TEXT}; charset=utf-8" if content_type == TEXT else content_type,
        "Content-Disposition": content_disposition(file.name, inline=inline),
        "Content-Security-Policy": POLICY,
        "Cache-Control": ASKED_EACH_TIME,
        "Accept-Ranges": "bytes",
        "ETag": tag,
    }


@router.get(
    "/{file_id}/thumbnail", response_class=Response, responses=picture_responses("The thumbnail.")
)
async def get_thumbnail(
    file_id: FileId, request: Request, database: DatabaseDep, actor: CurrentActor
) -> Response:
    """Get the thumbnail of a picture.

    A WebP of at most 720 pixels, upright and without metadata, for everybody who can read the
    file.
    """
    tag = f'"{file_id}-thumbnail"'
    known = is_known(request, tag)
    found = await queries.get_thumbnail(database, actor, file_id, known=known)
    return picture_response(found.content, tag, ASKED_EACH_TIME)


@router.delete("/{file_id}")
async def remove_file(
    file_id: FileId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Done]:
    """Remove a file that no message has.

    Only its uploader can do this. Files of a message are deleted with it.
    """
    async with database.transaction() as connection:
        await uploads.remove(connection, actor, file_id)
    return json_response(Done())
