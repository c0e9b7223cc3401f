from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import MessageId
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.chat import following
from bullpen.chat.queries import ThreadFollow

router = Router(prefix="/api/messages", tags=["unreads"])


@router.get("/{message_id}/follow")
async def get_following(
    message_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[ThreadFollow]:
    """Get whether the current user follows a thread.

    The thread that a message began or is in. Members follow threads that they began, replied in
    or are mentioned in, unless they chose otherwise.
    """
    return json_response(await following.get_following(database, actor, message_id))


@router.put("/{message_id}/follow")
async def follow_thread(
    message_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[ThreadFollow]:
    """Follow a thread.

    New replies of others are unread for the current user, who must be a member of the channel.
    What is there counts as read.
    """
    async with database.transaction() as connection:
        chosen = await following.set_following(connection, actor, message_id, is_followed=True)
    return json_response(chosen)


@router.delete("/{message_id}/follow")
async def unfollow_thread(
    message_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[ThreadFollow]:
    """Stop following a thread.

    Until the current user replies in it again, or is mentioned in it.
    """
    async with database.transaction() as connection:
        chosen = await following.set_following(connection, actor, message_id, is_followed=False)
    return json_response(chosen)
