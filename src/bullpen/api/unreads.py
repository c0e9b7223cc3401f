from fastapi import APIRouter, Response

from bullpen.api import errors, schemas
from bullpen.api.answers import answer
from bullpen.api.numbered import HEADER
from bullpen.api.session import ActorOf
from bullpen.api.state import DatabaseOf
from bullpen.api.values import Body, Id, MessageId
from bullpen.chat import reading
from bullpen.chat.queries import unreads
from bullpen.kit.database import Database
from bullpen.members.actor import Actor
from bullpen.members.queries import get_channel

router = APIRouter(prefix="/api/unreads", tags=["unreads"], responses=errors.DOCUMENTED)


class MarkRead(Body):
    channel_id: Id
    message_id: MessageId | None = None


@router.get("", response_model=dict[str, int])
async def list_unreads(database: DatabaseOf, actor: ActorOf) -> Response:
    """By channel, where there are any; `X-Event-Id` is the last event that they count."""
    return await counted(database, actor)


@router.get("/cursors", response_model=dict[str, schemas.ReadCursor])
async def list_cursors(database: DatabaseOf, actor: ActorOf) -> Response:
    """Up to where the current user has read, by channel."""
    return answer(await reading.read_cursors(database, actor))


@router.post("/mark-read", response_model=dict[str, int], responses=errors.REFUSED)
async def mark_read(body: MarkRead, database: DatabaseOf, actor: ActorOf) -> Response:
    """Up to a message, or all that is in the channel now; answers the counts that remain."""
    await get_channel(database, actor, body.channel_id)
    async with database.transaction() as connection:
        await reading.mark_read(connection, actor, body.channel_id, body.message_id)
    return await counted(database, actor)


async def counted(database: Database, actor: Actor) -> Response:
    found = await unreads(database, actor)
    # Counts alone cannot be counted twice: with them, the number is exact.
    return answer(found.counts, headers={HEADER: str(found.event_id)})
