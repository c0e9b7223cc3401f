from typing import Any

from fastapi import Request, Response

from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.etags import is_known
from bullpen.api.http.fields import MessageId, PreviewId
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.chat import previews
from bullpen.chat.queries import Message
from bullpen.kit.pictures import MEDIA_TYPE

router = Router(prefix="/api/messages/{message_id}/previews", tags=["messages"])

SERVED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The picture.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    },
    304: {"description": "The client has it already, as `If-None-Match` says."},
}
# As of files: who may read it can change, and what is there does not.
CACHING = "private, no-cache"
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


@router.get("/{preview_id}/picture", response_class=Response, responses=SERVED)
async def get_preview_picture(
    message_id: MessageId,
    preview_id: PreviewId,
    request: Request,
    database: DatabaseDep,
    actor: CurrentActor,
) -> Response:
    """Get the picture of a preview.

    A small WebP, made from the picture that the page names, for everybody who can read the
    message.
    """
    tag = f'"{preview_id}"'
    known = is_known(request, tag)
    content = await previews.get_picture(database, actor, message_id, preview_id, known=known)
    headers = {"ETag": tag, "Cache-Control": CACHING, "Content-Security-Policy": POLICY}
    if content is None:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


@router.delete("/{preview_id}")
async def remove_preview(
    message_id: MessageId, preview_id: PreviewId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Message]:
    """Remove the preview of a page from a message.

    Only the message's author can do this. It does not come back as long as the message has the
    link. If the message does not show it, nothing changes.
    """
    async with database.transaction() as connection:
        message = await previews.remove_preview(connection, actor, message_id, preview_id)
    return json_response(message)
