from fastapi import APIRouter, Response

from bullpen.api import errors
from bullpen.api.answers import answer
from bullpen.api.session import ActorOf
from bullpen.api.state import DatabaseOf
from bullpen.api.values import Body, Id
from bullpen.chat import actions
from bullpen.chat.queries import unread_counts
from bullpen.members.queries import get_channel

router = APIRouter(prefix="/api/unreads", tags=["unreads"], responses=errors.DOCUMENTED)


class MarkRead(Body):
    channel_id: Id


@router.get("", response_model=dict[str, int])
async def list_unreads(database: DatabaseOf, actor: ActorOf) -> Response:
    """By channel, where there are any."""
    return answer(await unread_counts(database, actor))


@router.post("/mark-read", response_model=dict[str, int], responses=errors.REFUSED)
async def mark_read(body: MarkRead, database: DatabaseOf, actor: ActorOf) -> Response:
    """All that is in the channel now; answers the counts that remain."""
    await get_channel(database, actor, body.channel_id)
    async with database.transaction() as connection:
        await actions.mark_read(connection, actor, body.channel_id)
    return answer(await unread_counts(database, actor))
