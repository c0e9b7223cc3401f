from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import Id, MessageId
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.chat import pins
from bullpen.chat.queries import Message

router = Router(prefix="/api", tags=["messages"])


@router.get("/channels/{channel_id}/pins")
async def list_pins(
    channel_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[Message]]:
    """List the pinned messages of a channel.

    Replies too. The message that was pinned last comes first.
    """
    return json_response(await pins.list_pins(database, actor, channel_id))


@router.put("/messages/{message_id}/pin")
async def pin_message(
    message_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Message]:
    """Pin a message.

    The current user must be a member of its channel. The message gets `pin`. Pinning it twice
    changes nothing.
    """
    async with database.transaction() as connection:
        message = await pins.pin_message(connection, actor, message_id)
    return json_response(message)


@router.delete("/messages/{message_id}/pin")
async def unpin_message(
    message_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Message]:
    """Unpin a message.

    The current user must be a member of its channel. If it is not pinned, nothing changes.
    """
    async with database.transaction() as connection:
        message = await pins.unpin_message(connection, actor, message_id)
    return json_response(message)
