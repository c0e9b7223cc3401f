"""The open streams of this process, and what each is still to be sent."""

import asyncio
import random
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from uuid import UUID

from asyncpg import Record
from msgspec import DecodeError, Struct, json

from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import TooMany
from bullpen.members.audience import Audience

# A reader that is this far behind is cut off, and resumes when it reads again.
MOST_BYTES = 1_000_000
# What goes out at once: the server's own buffer holds no more than this of a reader that does
# not read, and one event.
SENT_BYTES = 64_000
RESUMING_AT_ONCE = 4
MOST_OF_USER = 2000
HEARTBEAT_SECONDS = 15.0
# Long enough to cost nothing, short enough that streams spread over processes that come and go.
LIFE_SECONDS = (240.0, 360.0)
NOTHING = "{}"


def frame(number: int, kind: str, payload: str) -> bytes:
    """The payload with its kind as `type`: what the client applies as it is."""
    rest = payload if payload == NOTHING else f",{payload[1:]}"
    return f'id: {number}\ndata: {{"type":"{kind}"{rest.removeprefix("{")}\n\n'.encode()


class _User(Struct):
    id: str


class _UserChanged(Struct, rename="camel"):
    user: _User
    is_active: bool


_user_changed = json.Decoder(_UserChanged)


def no_longer_active(payload: str) -> str | None:
    with suppress(DecodeError):
        change = _user_changed.decode(payload)
        return None if change.is_active else change.user.id
    return None


class Stream:
    __slots__ = ("cut", "ending", "news", "over", "pending", "session_id", "size", "user_id")

    def __init__(
        self, user_id: str, cut: Callable[[], None], session_id: UUID | None = None
    ) -> None:
        self.user_id = user_id
        # In team mode; the stream ends with it.
        self.session_id = session_id
        self.pending: list[bytes] = []
        self.size = 0
        self.news = asyncio.Event()
        self.over = False
        # Ends the connection and drops what is still in its buffer.
        self.cut = cut
        life = random.uniform(*LIFE_SECONDS)  # noqa: S311 - to spread them, no secret
        self.ending = asyncio.get_running_loop().call_later(life, self.end)

    def push(self, part: bytes) -> None:
        if self.over:
            return
        self.pending.append(part)
        self.size += len(part)
        if self.size > MOST_BYTES:
            self.pending.clear()
            self.end()
            self.cut()
        else:
            self.news.set()

    def take(self) -> bytes:
        """The first of what waits. Parts are shared by all streams until they are taken."""
        size = number = 0
        while number < len(self.pending) and (not number or size < SENT_BYTES):
            size += len(self.pending[number])
            number += 1
        parts = self.pending[:number]
        del self.pending[:number]
        self.size -= size
        if not self.pending and not self.over:
            self.news.clear()
        return b"".join(parts)

    def end(self) -> None:
        self.over = True
        self.news.set()


class Streams:
    def __init__(self, audience: Audience, known: int = 0) -> None:
        self.audience = audience
        # The number of the newest event that was given to all of them.
        self.known = known
        # To read a backlog takes the database's time and memory here: few do so at once.
        self.resuming = asyncio.Semaphore(RESUMING_AT_ONCE)
        self._by_user: dict[str, set[Stream]] = {}
        self._closed = False

    def require_room(self, user_id: str) -> None:
        if len(self._by_user.get(user_id, ())) >= MOST_OF_USER:
            raise TooMany(
                ErrorCode.TOO_MANY_STREAMS,
                f"You have {MOST_OF_USER:,} open event streams, which is the limit. Close some.",
                retry_after=30,
            )

    def open(self, user_id: str, cut: Callable[[], None], session_id: UUID | None = None) -> Stream:
        stream = Stream(user_id, cut, session_id)
        self._by_user.setdefault(user_id, set()).add(stream)
        if self._closed:
            stream.end()
        return stream

    def close(self, stream: Stream) -> None:
        stream.ending.cancel()
        mine = self._by_user[stream.user_id]
        mine.discard(stream)
        if not mine:
            del self._by_user[stream.user_id]

    def count(self) -> int:
        return sum(len(streams) for streams in self._by_user.values())

    def user_ids(self) -> list[str]:
        """Those who have an open stream."""
        return list(self._by_user)

    def deliver(self, rows: Sequence[Record]) -> None:
        for number, kind, channel_id, user_ids, payload in rows:
            with suppress(DecodeError):
                # Written by hand, perhaps; what it changed is found when the audience is renewed.
                self.audience.note(kind, channel_id, payload)
            readers = self.audience.readers(channel_id, user_ids, kind, payload)
            part = frame(number, kind, payload)
            for user_id, streams in self._by_user.items():
                if user_id in readers:
                    for stream in streams:
                        stream.push(part)
            if kind == "user.changed":
                self.end_of(no_longer_active(payload))
            self.known = number

    def show(self, channel_id: str, part: bytes | None, for_guests: bytes | None) -> None:
        """To readers of a channel, what is no event of the log. Guests may be shown less of it."""
        readers = self.audience.readers(channel_id, None, "", "")
        for user_id, streams in self._by_user.items():
            if user_id in readers:
                shown = for_guests if self.audience.is_guest(user_id) else part
                if shown is not None:
                    for stream in streams:
                        stream.push(shown)

    def end_of(self, user_id: str | None) -> None:
        """A member who was made inactive hears of that, and then of nothing."""
        for stream in self._by_user.get(user_id or "", ()):
            stream.end()

    def end_others(self, active_ids: AbstractSet[str]) -> None:
        for user_id in self._by_user.keys() - active_ids:
            self.end_of(user_id)

    def sessions(self) -> set[UUID]:
        """Those that have an open stream."""
        return {
            stream.session_id
            for streams in self._by_user.values()
            for stream in streams
            if stream.session_id is not None
        }

    def end_sessions(self, session_ids: AbstractSet[UUID]) -> None:
        for streams in self._by_user.values():
            for stream in streams:
                if stream.session_id in session_ids:
                    stream.end()

    def beat(self, number: int) -> None:
        """Tells them how far they are: one that resumes need not look through what was others'."""
        part = f": \nid: {number}\n\n".encode()
        for streams in self._by_user.values():
            for stream in streams:
                stream.push(part)

    def end_all(self) -> None:
        """Those that open from now on end at once, too."""
        self._closed = True
        for streams in self._by_user.values():
            for stream in streams:
                stream.end()
