"""New messages. What arrives while a transaction is under way is written in the next, together.

Each transaction waits for the log lock, and for the disk while it holds it: fifty messages in one
transaction take little longer than one.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple
from uuid import UUID

from asyncpg import Connection
from msgspec import UNSET, json

from bullpen.chat.agent_words import AgentWords, refresh
from bullpen.chat.prose import has_sign
from bullpen.chat.queries import Message, Notice, get_message, shown
from bullpen.chat.routing import (
    FACTS,
    PEOPLE,
    Ask,
    Mentioned,
    add_fits,
    everybody_of,
    facts_of,
    mentions_of,
    named_in,
    questions,
    route,
)
from bullpen.kit.database import Database, Reader
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import (
    AppError,
    Conflict,
    DatabaseUnavailable,
    Forbidden,
    Invalid,
    NotFound,
)
from bullpen.kit.instants import instant_json
from bullpen.members.actions import INACTIVE
from bullpen.members.actor import Actor
from bullpen.members.archive import channel_archived

AT_ONCE = 64
# To decide for one message takes nearly as long as for ten: what is not yet its turn to be written
# waits for others that arrive within this time.
GATHER_SECONDS = 0.002

# A repetition changes nothing: also the pool's own, where a connection broke before the answer.
POST = """
SELECT written_at, refusal FROM post_messages(
    $1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[]::json[],
    $7::uuid[], $8::text[], $9::smallint[], $10::uuid, $11::uuid, $12::text[]::json[], $13::text,
    $14::uuid[], $15::uuid[], $16::uuid[], $17::text[], $18::uuid[]
)
"""
# The same message was sent before: it is there, and this is no error.
REPEATED = "repeated"
# The error for each reason for which `post_messages` refuses a message.
REFUSALS: dict[str, Callable[[], AppError]] = {
    "taken": lambda: Conflict(
        ErrorCode.ID_TAKEN, "Another message already has this id. Use a new id for a new message."
    ),
    "inactive": lambda: Forbidden(ErrorCode.MEMBER_INACTIVE, INACTIVE),
    "no_channel": lambda: NotFound(ErrorCode.CHANNEL_NOT_FOUND),
    "not_a_member": lambda: Forbidden(
        ErrorCode.NOT_A_MEMBER, "Only members can write in this channel. Join it first."
    ),
    "archived": channel_archived,
    "paused": lambda: Conflict(
        ErrorCode.PAUSED,
        "Agents are paused in this channel, so nothing was sent. Do something else.",
    ),
    "no_file": lambda: Invalid(
        ErrorCode.FILE_NOT_ATTACHABLE,
        "A file of this message is not there any more, or belongs to another message. Attach it"
        " again.",
    ),
    "no_parent": lambda: NotFound(ErrorCode.MESSAGE_NOT_FOUND),
    "nested": lambda: Invalid(
        ErrorCode.THREAD_TOO_DEEP,
        "This message is a reply itself. Reply to the first message of its thread.",
    ),
}


class NewMessage(NamedTuple):
    id: UUID
    channel_id: str
    parent_message_id: UUID | None
    user_id: str
    text: str
    # Its author has uploaded them, and no other message has them.
    file_ids: tuple[UUID, ...] = ()
    # A reply that the list of the channel shows, too.
    also_in_channel: bool = False


class Outcome(NamedTuple):
    """When a message was written, or the reason for which it was not."""

    written_at: str | None
    refusal: str | None


class Plan(NamedTuple):
    """What follows from messages. `since`: the run that a program goes on from."""

    asks: list[Ask]
    mentions: list[Mentioned]
    since: UUID | None = None


Waiting = tuple[NewMessage, "asyncio.Future[Outcome]"]


class MessageBatcher:
    """Posts what people send. `asks`: whether agents are to answer it.

    What follows from some messages is found out while those before them are written.
    """

    def __init__(self, database: Database, *, asks: bool) -> None:
        self._database = database
        self.asks = asks
        self._words = AgentWords()
        self._waiting: list[Waiting] = []
        self._planning: asyncio.Task[None] | None = None
        self.planned: list[tuple[Sequence[Waiting], Plan]] = []
        self._writing: asyncio.Task[None] | None = None

    async def send(self, draft: NewMessage, *, by_program: bool = False) -> Outcome:
        """`by_program`: for an agent, so that what it asks counts as talk among agents."""
        if by_program:
            return await self._send_by_program(draft)
        written: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((draft, written))
        if self._planning is None:
            self._planning = asyncio.create_task(self._plan_all())
        return await written

    async def _send_by_program(self, draft: NewMessage) -> Outcome:
        program = draft.user_id
        plan = await plan_of(self._database, [draft], asks=self.asks, program=program)
        [row] = await self._database.write(
            POST, *columns([draft], plan.asks, since=plan.since, mentions=plan.mentions)
        )
        return Outcome(*row)

    async def _plan_all(self) -> None:
        while self._waiting:
            if self.asks and self._writing is not None:
                await asyncio.sleep(GATHER_SECONDS)
            portion = self._waiting[:AT_ONCE]
            del self._waiting[:AT_ONCE]
            try:
                plan = await self._plan(portion)
            except Exception as problem:  # noqa: BLE001 - raised again for those who wait
                await self._write_singly(portion, problem)
                continue
            self.planned.append((portion, plan))
            if self._writing is None:
                self._writing = asyncio.create_task(self._write_all())
        self._planning = None

    async def _write_all(self) -> None:
        while self.planned:
            portion, plan = self.planned.pop(0)
            while self.planned and len(portion) + len(self.planned[0][0]) <= AT_ONCE:
                more, more_plan = self.planned.pop(0)
                portion = [*portion, *more]
                plan = Plan([*plan.asks, *more_plan.asks], [*plan.mentions, *more_plan.mentions])
            await self._write(portion, plan)
        self._writing = None

    async def _plan(self, portion: Sequence[Waiting]) -> Plan:
        drafts = [draft for draft, _ in portion]
        return await plan_of(self._database, drafts, asks=self.asks, words=self._words)

    async def _write(self, portion: Sequence[Waiting], plan: Plan) -> None:
        drafts = [draft for draft, _ in portion]
        if len(portion) > 1 and share_files(drafts):
            # The first one gets the file, and the other one is refused.
            await self._write_singly(portion)
            return
        try:
            given = columns(drafts, plan.asks, mentions=plan.mentions)
            rows = await self._database.write(POST, *given)
        except Exception as problem:  # noqa: BLE001 - raised again for those who wait
            await self._write_singly(portion, problem)
            return
        for (_, written), row in zip(portion, rows, strict=True):
            if not written.done():
                written.set_result(Outcome(*row))

    async def _write_singly(
        self, portion: Sequence[Waiting], problem: Exception | None = None
    ) -> None:
        """One's problem is not the others'. `problem`: what became of all of them together."""
        if problem is None or (len(portion) > 1 and not isinstance(problem, DatabaseUnavailable)):
            for one in portion:
                try:
                    plan = await self._plan([one])
                except Exception as its_own:  # noqa: BLE001 - raised again for the one who waits
                    await self._write_singly([one], its_own)
                else:
                    await self._write([one], plan)
            return
        for _, written in portion:
            if not written.done():
                written.set_exception(problem)


async def send_message(
    batcher: MessageBatcher,
    database: Database,
    actor: Actor,
    draft: NewMessage,
    *,
    by_program: bool = False,
) -> tuple[Message, bool]:
    """The message, and whether it is new: the same one may be sent again until it is answered."""
    time, refusal = await batcher.send(draft, by_program=by_program)
    if refusal == REPEATED:
        return await get_message(database, actor, draft.id), False
    if refusal is not None:
        raise refused(refusal)
    if draft.file_ids or draft.also_in_channel:
        return await get_message(database, actor, draft.id), True
    return new_message(draft, str(time)), True


def share_files(drafts: Sequence[NewMessage]) -> bool:
    """Whether a file is to belong to two messages."""
    named = [file_id for draft in drafts for file_id in draft.file_ids]
    return len(set(named)) < len(named)


def new_message(draft: NewMessage, written_at: str) -> Message:
    """What is shown of a message that nobody has answered yet."""
    made = Message(
        draft.id, draft.channel_id, draft.user_id, draft.text, instant_json(written_at), [], 0
    )
    if draft.parent_message_id is not None:
        made.parent_message_id = draft.parent_message_id
    return made


def refused(reason: str) -> AppError:
    return REFUSALS[reason]()


async def send_in_transaction(
    connection: Connection,
    draft: NewMessage,
    *,
    run_id: UUID | None,
    asks: bool,
    notice: Notice | None = None,
) -> str | None:
    """Posts in the caller's transaction; answers the reason for which the message was refused.

    `run_id`: the run that posts, if it is one. `asks`: whether agents are to answer the message.
    `notice`: for one that only says why the run does not answer.
    The same message again changes nothing.
    """
    plan = Plan([], []) if notice else await plan_of(connection, [draft], asks=asks, run_id=run_id)
    given = columns([draft], plan.asks, run_id, notice=notice, mentions=plan.mentions)
    rows = await connection.fetch(POST, *given)
    refusal: str | None = rows[0]["refusal"]
    return None if refusal == REPEATED else refusal


async def plan_of(
    reader: Reader,
    drafts: Sequence[NewMessage],
    *,
    asks: bool,
    run_id: UUID | None = None,
    program: str | None = None,
    words: AgentWords | None = None,
) -> Plan:
    """`words`: of the agents of this database, as far as the process remembers them."""
    if asks:
        [[answer]] = await reader.fetch(FACTS, *questions(drafts, run_id, program))
        facts = facts_of(answer)
        if facts.judged is not None:
            words = AgentWords() if words is None else words
            await refresh(words, reader, facts.judged)
            add_fits(drafts, facts, words)
            words.trim()
        since = facts.run.id if program is not None and facts.run is not None else None
        return Plan(*route(drafts, facts), since)
    if not any(has_sign(draft.text) for draft in drafts):
        return Plan([], [])
    [[people, groups]] = await reader.fetch(PEOPLE)
    everybody = everybody_of(people.encode(), groups.encode())
    return Plan([], mentions_of(drafts, named_in(drafts, everybody), everybody))


def columns(
    drafts: Sequence[NewMessage],
    asks: Sequence[Ask],
    run_id: UUID | None = None,
    since: UUID | None = None,
    notice: Notice | None = None,
    mentions: Sequence[Mentioned] = (),
) -> list[object]:
    """The arguments of `POST`. `since`: the run that a program goes on from."""
    # The database puts the time in: it is taken under the log lock.
    made = [new_message(draft, "") for draft in drafts]
    for message in made:
        message.notice = UNSET if notice is None else notice
    events = [json.encode(shown(message)).decode() for message in made]
    asking, asked, priorities, decisions = zip(*asks, strict=True) if asks else ([], [], [], [])
    *fields, file_ids, _ = zip(*drafts, strict=True)
    by_field = (*fields, events, asking, asked, priorities)
    kind = None if notice is None else notice.kind
    attached = [file_id for ids in file_ids for file_id in ids]
    attaching = [draft.id for draft in drafts for _ in draft.file_ids]
    return [
        *(list(values) for values in by_field),
        *(run_id, since, list(decisions), kind, attaching, attached),
        [one.message_id for one in mentions],
        [one.user_id for one in mentions],
        [draft.id for draft in drafts if draft.also_in_channel],
    ]
