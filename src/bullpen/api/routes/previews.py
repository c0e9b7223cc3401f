from fastapi import Request, Response

from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.etags import is_known
from bullpen.api.http.fields import MessageId, PreviewId
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.api.http.stored_pictures import (
    ASKED_EACH_TIME,
    picture_response,
    picture_responses,
)
from bullpen.chat import previews
from bullpen.chat.queries import Message

router = Router(prefix="/api/messages/{message_id}/previews", tags=["messages"])


@router.get(
    "/{preview_id}/picture", response_class=Response, responses=picture_responses("The picture.")
)
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
    return picture_response(content, tag, ASKED_EACH_TIME)


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
