"""New messages. What arrives while a transaction is under way is written in the next, together.

Each transaction waits for the log lock, and for the disk while it holds it: fifty messages in one
transaction take little longer than one.
"""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from asyncpg import Connection
from msgspec import UNSET, Raw

from bullpen.chat.queries import Message, get_message
from bullpen.chat.routing import FACTS, Ask, questions, route
from bullpen.kit.database import Database, Reader, fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict, DatabaseUnavailable, Forbidden, Invalid, NotFound
from bullpen.members.actions import INACTIVE
from bullpen.members.actor import Actor
from bullpen.members.queries import can_act, get_channel

AT_ONCE = 64

# A repetition changes nothing: also the pool's own, where a connection broke before the answer.
POST = """
SELECT message_id, written_at FROM post_messages(
    $1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[],
    $6::uuid[], $7::text[], $8::smallint[]
)
"""
STORED = "SELECT channel_id, parent_message_id, user_id FROM messages WHERE id = $1"


class NewMessage(NamedTuple):
    id: UUID
    channel_id: str
    parent_message_id: UUID | None
    user_id: str
    text: str


Waiting = tuple[NewMessage, "asyncio.Future[str | None]"]


class MessageBatcher:
    """`asks`: whether agents are to answer what is posted."""

    def __init__(self, database: Database, *, asks: bool) -> None:
        self._database = database
        self._asks = asks
        self._waiting: list[Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def send(self, draft: NewMessage) -> str | None:
        """When it was written; None where it was refused, or is there already."""
        written: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((draft, written))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        return await written

    async def _write_all(self) -> None:
        while self._waiting:
            portion = self._waiting[:AT_ONCE]
            del self._waiting[:AT_ONCE]
            await self._write(portion)
        self._writing = None

    async def _write(self, portion: Sequence[Waiting]) -> None:
        drafts = [draft for draft, _ in portion]
        try:
            asks = await asks_of(self._database, drafts) if self._asks else []
            rows = await self._database.write(POST, *columns(drafts, asks))
        except Exception as problem:  # noqa: BLE001 - of whoever waits for it
            if len(portion) > 1 and not isinstance(problem, DatabaseUnavailable):
                # One's problem is not the others'.
                for one in portion:
                    await self._write([one])
                return
            for _, written in portion:
                if not written.done():
                    written.set_exception(problem)
            return
        times = dict(map(tuple, rows))
        for draft, written in portion:
            time = times.pop(draft.id, None)
            if not written.done():
                written.set_result(time)


async def send_message(
    batcher: MessageBatcher, database: Database, actor: Actor, draft: NewMessage
) -> tuple[Message, bool]:
    """The message, and whether it is new: the same one may be sent again until it is answered."""
    time = await batcher.send(draft)
    if time is None:
        return await stored_or_refused(database, actor, draft), False
    parent = UNSET if draft.parent_message_id is None else draft.parent_message_id
    made = Message(draft.id, draft.channel_id, draft.user_id, draft.text, Raw(f'"{time}"'), [], 0)
    made.parent_message_id = parent
    return made, True


async def send_in_transaction(connection: Connection, actor: Actor, draft: NewMessage) -> None:
    """In a run's transaction; the same message again changes nothing."""
    asks = await asks_of(connection, [draft])
    rows = await connection.fetch(POST, *columns([draft], asks))
    if not rows:
        await stored_or_refused(connection, actor, draft)


async def asks_of(reader: Reader, drafts: Sequence[NewMessage]) -> list[Ask]:
    [[facts]] = await reader.fetch(FACTS, *questions(drafts))
    return route(drafts, facts)


def columns(drafts: Sequence[NewMessage], asks: Sequence[Ask]) -> list[list[object]]:
    """The arguments of `POST`."""
    by_field = (*zip(*drafts, strict=True), *(zip(*asks, strict=True) if asks else ([], [], [])))
    return [list(values) for values in by_field]


async def stored_or_refused(reader: Reader, actor: Actor, draft: NewMessage) -> Message:
    stored = await fetch_one(reader, STORED, draft.id)
    if stored is not None:
        if tuple(stored) == (draft.channel_id, draft.parent_message_id, draft.user_id):
            return await get_message(reader, actor, draft.id)
        raise Conflict(
            ErrorCode.ID_TAKEN,
            "Another message already has this id. Use a new id for a new message.",
        )
    channel = await get_channel(reader, actor, draft.channel_id)
    if not await can_act(reader, actor.user_id):
        raise Forbidden(ErrorCode.MEMBER_INACTIVE, INACTIVE)
    if actor.user_id not in channel.member_ids:
        raise Forbidden(
            ErrorCode.NOT_A_MEMBER, "Only members can write in this channel. Join it first."
        )
    parent = await fetch_one(reader, STORED, draft.parent_message_id)
    if parent is None or parent["channel_id"] != draft.channel_id:
        raise NotFound(ErrorCode.MESSAGE_NOT_FOUND)
    if parent["parent_message_id"] is not None:
        raise Invalid(
            ErrorCode.THREAD_TOO_DEEP,
            "This message is a reply itself. Reply to the first message of its thread.",
        )
    raise Conflict(
        ErrorCode.CHANGED_MEANWHILE, "Someone else changed this at the same moment. Try again."
    )
