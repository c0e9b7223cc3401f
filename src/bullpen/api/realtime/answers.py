"""What agents are writing at this moment, for the open streams of this process (decision 0031).

It is no part of the event log: it has no number of its own, and nobody can resume from it. A stream
that opens gets all that its user may read of it, and then what is added.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from uuid import UUID

from asyncpg import Record
from msgspec import UNSET, DecodeError, Struct, UnsetType, json

from bullpen.api.realtime.streams import Streams, frame
from bullpen.kit.database import Database
from bullpen.runs.partial_answers import PartialAnswer, read_partial_answers

# What several runs write in quick succession is read together.
READ_SECONDS = 0.02
# A worker that has died is noticed by looking.
POLL_SECONDS = 0.5
UPDATED, ENDED = "answer.updated", "answer.ended"


class Added(Struct):
    """From `offset` on, which counts UTF-16 code units as JavaScript does. 0: it begins anew."""

    offset: int
    text: str


class Updated(Struct, rename="camel", omit_defaults=True):
    run_id: UUID
    agent_id: str
    channel_id: str
    parent_message_id: UUID | None
    text: Added | UnsetType = UNSET
    thinking: Added | UnsetType = UNSET
    tool: str | UnsetType | None = UNSET


class Ended(Struct, rename="camel"):
    run_id: UUID
    agent_id: str
    channel_id: str
    parent_message_id: UUID | None


class _Author(Struct, rename="camel"):
    user_id: str


class _Sent(Struct, rename="camel"):
    parent_message_id: UUID | None
    message: _Author


_sent = json.Decoder(_Sent)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def added(before: str | None, now: str) -> Added | UnsetType:
    if now == before:
        return UNSET
    if before and now.startswith(before):
        return Added(units(before), now[len(before) :])
    return Added(0, now)


class Answers:
    def __init__(self, database: Database, streams: Streams, *, shows_thinking: bool) -> None:
        self._database = database
        self._streams = streams
        self._shows_thinking = shows_thinking
        self._known: dict[UUID, PartialAnswer] = {}
        self._read_at = 0.0
        self._is_late = False
        # Runs whose message was sent since they were read.
        self._sent: set[UUID] = set()

    def note(self, rows: Sequence[Record]) -> None:
        """Of events: a stream that opens does not get what its message has replaced."""
        if not self._known:
            return
        for _, kind, channel_id, _, payload in rows:
            if kind != "message.created":
                continue
            with suppress(DecodeError):
                sent = _sent.decode(payload)
                place = (sent.message.user_id, channel_id, sent.parent_message_id)
                for run_id, answer in self._known.items():
                    if (answer.agent_id, answer.channel_id, answer.thread_id) == place:
                        self._sent.add(run_id)

    async def look(self, changed: bool) -> float | None:
        """Reads them where they may have changed. In how many seconds it wants to look again."""
        if not changed and not self._known and not self._is_late:
            return None
        wait = self._read_at + READ_SECONDS - time.monotonic()
        if wait > 0:
            self._is_late = True
            return wait
        now = await read_partial_answers(self._database, self._known)
        self._is_late = False
        self._sent.clear()
        self._read_at = time.monotonic()
        before, self._known = self._known, now
        for run_id, answer in before.items():
            if run_id not in now or place_of(answer) != place_of(now[run_id]):
                self._end(run_id, answer)
        for run_id, answer in now.items():
            known = before.get(run_id)
            if known is not answer:
                moved = known is not None and place_of(known) != place_of(answer)
                self._update(run_id, None if moved else known, answer)
        return POLL_SECONDS if now else None

    def _update(self, run_id: UUID, known: PartialAnswer | None, answer: PartialAnswer) -> None:
        self._streams.show(
            answer.channel_id,
            self._frame(run_id, known, answer, to_guest=False),
            self._frame(run_id, known, answer, to_guest=True),
        )

    def _end(self, run_id: UUID, answer: PartialAnswer) -> None:
        parts = (run_id, answer.agent_id, answer.channel_id, answer.thread_id)
        ended = frame(self._streams.known, ENDED, json.encode(Ended(*parts)).decode())
        self._streams.show(answer.channel_id, ended, ended)

    def _frame(
        self,
        run_id: UUID,
        known: PartialAnswer | None,
        answer: PartialAnswer,
        *,
        to_guest: bool,
    ) -> bytes | None:
        """None where nothing has changed. Guests see no traces, and so no thoughts and tools."""
        text = added(known.text if known else None, answer.text)
        thinking: Added | UnsetType = UNSET
        tool: str | UnsetType | None = UNSET
        if not to_guest:
            if self._shows_thinking:
                thinking = added(known.thinking if known else "", answer.thinking)
            if (known.tool if known else None) != answer.tool:
                tool = answer.tool
        if text is UNSET and thinking is UNSET and tool is UNSET:
            return None
        updated = Updated(
            *(run_id, answer.agent_id, answer.channel_id, answer.thread_id),
            text=text,
            thinking=thinking,
            tool=tool,
        )
        return frame(self._streams.known, UPDATED, json.encode(updated).decode())

    def as_of_now(self, user_id: str) -> Iterator[bytes]:
        """For a stream that opens: what has been written so far where its user reads."""
        to_guest = self._streams.audience.is_guest(user_id)
        for run_id, answer in self._known.items():
            readers = self._streams.audience.readers(answer.channel_id, None, UPDATED, "")
            if run_id not in self._sent and user_id in readers:
                shown = self._frame(run_id, None, answer, to_guest=to_guest)
                if shown is not None:
                    yield shown


def place_of(answer: PartialAnswer) -> tuple[str, UUID | None]:
    return answer.channel_id, answer.thread_id
