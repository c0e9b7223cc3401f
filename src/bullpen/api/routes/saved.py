from typing import Annotated

from fastapi import Query, Request
from msgspec import UNSET
from pydantic import BaseModel, Field

from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import MessageId, Moment, RequestBody
from bullpen.api.http.pagination import LARGEST_PAGE, Limit
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.chat import saved
from bullpen.kit.pagination import Window

router = Router(prefix="/api", tags=["messages"])


class SavedState(RequestBody):
    """How a message is saved. What is left out stays as it is."""

    remind_at: Annotated[
        Moment | None,
        Field(
            description="When to remind of it, with a time zone. If in the past: at once. Null"
            " removes the reminder."
        ),
    ] = None
    is_done: Annotated[
        bool | None,
        Field(description="Whether it is done. A message that is done has no reminder."),
    ] = None


class SavedQuery(BaseModel):
    is_done: Annotated[
        bool, Field(alias="isDone", description="Those that are done, instead of the others.")
    ] = False
    limit: Limit = LARGEST_PAGE
    before: Annotated[
        MessageId | None, Field(description="Only those before the one of this message.")
    ] = None


@router.get("/saved")
async def list_saved(
    request: Request,
    query: Annotated[SavedQuery, Query()],
    database: DatabaseDep,
    actor: CurrentActor,
) -> JsonResponse[list[saved.SavedMessage]]:
    """List saved messages.

    Returns the messages that the current user has saved, the ones saved last at the end, and due
    reminders after them. Nobody else can list them. The `Link` header has the address of the page
    before.
    """
    window = Window(query.limit, "before" if query.before else "newest", query.before)
    page = await saved.list_saved(database, actor, window, is_done=query.is_done)
    headers = {}
    if page.older:
        url = request.url.include_query_params(before=page.items[0].message_id)
        headers["Link"] = f'<{url}>; rel="prev"'
    return json_response(page.items, headers=headers)


@router.get("/saved/marks")
async def list_saved_marks(
    database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[saved.SavedMark]]:
    """List which messages are saved.

    Returns all messages that the current user has saved and not marked as done, without their
    content.
    """
    return json_response(await saved.list_marks(database, actor))


@router.put("/messages/{message_id}/saved")
async def save_message(
    message_id: MessageId,
    database: DatabaseDep,
    actor: CurrentActor,
    body: SavedState | None = None,
) -> JsonResponse[saved.SavedMark]:
    """Save a message.

    Saves it for the current user, or changes the reminder of a saved one. Only the user can see
    that it is saved.
    """
    given = body or SavedState()
    async with database.transaction() as connection:
        mark = await saved.save_message(
            connection,
            actor,
            message_id,
            remind_at=given.remind_at if "remind_at" in given.model_fields_set else UNSET,
            is_done=given.is_done,
        )
    return json_response(mark)


@router.delete("/messages/{message_id}/saved")
async def remove_saved(
    message_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[saved.SavedMark]]:
    """Remove a saved message.

    The message itself stays. If it is not saved, nothing changes. Returns which messages are still
    saved.
    """
    async with database.transaction() as connection:
        await saved.remove_saved(connection, actor, message_id)
        left = await saved.list_marks(connection, actor)
    return json_response(left)
