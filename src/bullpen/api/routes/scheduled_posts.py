from typing import Annotated

from pydantic import Field

from bullpen.api.http.dependencies import CurrentActor, DatabaseDep, StateDep
from bullpen.api.http.fields import AnyMessageText, MessageId, Moment, RequestBody
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.api.routes.messages import NewMessage
from bullpen.chat import scheduled_posts, send
from bullpen.chat.queries import Message
from bullpen.chat.scheduled_posts import ScheduledPost
from bullpen.kit.ids import new_id

router = Router(prefix="/api/scheduled-posts", tags=["messages"])

SEND_AT = "When to send it, with a time zone. If in the past: at once."


class NewScheduledPost(NewMessage):
    """A message to send later."""

    send_at: Annotated[Moment, Field(description=SEND_AT)]


class ScheduledPostChange(RequestBody):
    """What changes of a scheduled message. What is left out stays as it is."""

    text: Annotated[AnyMessageText | None, Field(description="Markdown.")] = None
    send_at: Annotated[Moment | None, Field(description=SEND_AT)] = None


@router.get("")
async def list_scheduled_posts(
    database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[ScheduledPost]]:
    """List messages to send later.

    Returns the messages that the current user has written and that are not sent yet, in the order
    of their times. Nobody else can list them.
    """
    return json_response(await scheduled_posts.list_scheduled_posts(database, actor))


@router.post("", status_code=201)
async def schedule_post(
    body: NewScheduledPost, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[ScheduledPost]:
    """Send a message later.

    The current user must be a member of the channel. The message is sent once, at its time, with
    the same `id`. If the user may not post there any more by then, it is kept with the reason.
    """
    draft = send.NewMessage(
        body.id or new_id(),
        body.channel_id,
        body.parent_message_id,
        actor.user_id,
        body.text,
        tuple(body.file_ids),
        body.also_in_channel,
    )
    async with database.transaction() as connection:
        made = await scheduled_posts.schedule_post(connection, actor, draft, body.send_at)
    return json_response(made, 201)


@router.patch("/{post_id}")
async def change_post(
    post_id: MessageId, body: ScheduledPostChange, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[ScheduledPost]:
    """Change a message to send later.

    Changes its text, its time, or both. One that could not be sent waits again.
    """
    async with database.transaction() as connection:
        changed = await scheduled_posts.change_post(
            connection, actor, post_id, text=body.text, send_at=body.send_at
        )
    return json_response(changed)


@router.delete("/{post_id}")
async def cancel_post(
    post_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[ScheduledPost]:
    """Cancel a message to send later.

    Returns the message as it was.
    """
    async with database.transaction() as connection:
        cancelled = await scheduled_posts.cancel_post(connection, actor, post_id)
    return json_response(cancelled)


@router.post("/{post_id}/send")
async def send_post_now(
    post_id: MessageId, state: StateDep, actor: CurrentActor
) -> JsonResponse[Message]:
    """Send a scheduled message now.

    Returns the message. If it is refused, it stays scheduled.
    """
    async with state.database.transaction() as connection:
        message = await scheduled_posts.send_post_now(
            connection, actor, post_id, asks=state.batcher.asks
        )
    return json_response(message)
