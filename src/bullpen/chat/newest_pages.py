"""The newest pages of channels, kept in memory as the bytes that are answered.

All readers of a channel get the same page, so a request needs only the check of its own access,
which is one small statement. The same statement says whether the page is still what the database
holds: it is as long as no transaction has ended since (`snapshot`), or else as long as the event
log has nothing of the channel. Only a change that somebody makes by SQL alone, without an event,
can be missed, for at most `SECONDS`.
"""

import gzip
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from bullpen.chat.queries import channel_messages
from bullpen.events.kinds import Kind
from bullpen.kit.database import Database
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.kit.pagination import Window
from bullpen.members.access import readable
from bullpen.members.actor import Actor

SIZE = 50
WINDOW = Window(SIZE)
SECONDS = 1.0
MOST_BYTES = 16_000_000
# What does not change a page of messages.
UNRELATED: tuple[Kind, ...] = (
    "cursor.moved",
    "thread.read",
    "thread.followed",
    "inbox.changed",
    "preferences.changed",
    "sidebar.changed",
    "saved.changed",
    "scheduled.changed",
    "agent.typing",
    "agent.done",
    "memory.changed",
    "pause.added",
    "pause.removed",
)
RESET: Kind = "reset"

# No row where the actor may not read the channel. $3: the newest event that this process knows.
CHECK = f"""
SELECT pg_current_snapshot()::text, EXISTS (
    SELECT FROM events e
    WHERE e.id > $3 AND (e.channel_id = $2 OR e.kind = '{RESET}')
      AND e.kind NOT IN ({", ".join(f"'{kind}'" for kind in UNRELATED)})
)
FROM channels c WHERE c.id = $2 AND {readable("c")}
"""

_encoder = msgspec.json.Encoder()


class NewestPage(Struct):
    """The newest messages of a channel as JSON, and what its neighbors are asked for with."""

    content: bytes
    first_id: UUID | None
    "None: there are no messages"
    older: bool
    event_id: int
    "it has everything up to this event"
    snapshot: str | None
    "where known: one that the page has everything of"
    read_at: float
    compressed: bytes = b""

    def gzip(self) -> bytes:
        self.compressed = self.compressed or gzip.compress(self.content, 5)
        return self.compressed

    @property
    def size(self) -> int:
        # Compressed, text is at most a third.
        return len(self.content) * 4 // 3


class NewestPages:
    def __init__(self, database: Database, most_bytes: int = MOST_BYTES) -> None:
        self._database = database
        self._most_bytes = most_bytes
        self._bytes = 0
        # The least recently used one first.
        self._pages: OrderedDict[str, NewestPage] = OrderedDict()
        # By channel: the newest event that may have changed its page.
        self._changed: dict[str, int] = {}
        self._reset = 0

    def channel_ids(self) -> list[str]:
        """Of the pages that are kept, the least recently used one first."""
        return list(self._pages)

    def note(self, rows: Iterable[Sequence[Any]]) -> None:
        """Drops the pages that these events of the log have changed."""
        for number, kind, channel_id, *_ in rows:
            if kind == RESET:
                self._reset = number
                self._pages.clear()
                self._changed.clear()
                self._bytes = 0
            elif channel_id is not None and kind not in UNRELATED:
                self._changed[channel_id] = number
                self._drop(channel_id)

    async def read(self, actor: Actor, channel_id: str, known: int) -> NewestPage:
        """`known`: the newest event that `note` has been given."""
        snapshot = None
        if (kept := self._pages.get(channel_id)) is not None:
            row = await self._database.fetch_one(CHECK, actor.user_id, channel_id, known)
            if row is None:
                raise NotFound(ErrorCode.CHANNEL_NOT_FOUND)
            snapshot, is_changed = row
            if snapshot == kept.snapshot or (not is_changed and self._covers(kept, channel_id)):
                if channel_id in self._pages:
                    self._pages.move_to_end(channel_id)
                return kept
        page = await channel_messages(self._database, actor, channel_id, WINDOW)
        first_id = page.items[0].id if page.items else None
        content = _encoder.encode(page.items)
        found = NewestPage(content, first_id, page.older, known, snapshot, time.monotonic())
        if self._changed.get(channel_id, 0) <= known and self._reset <= known:
            self._keep(channel_id, found)
        return found

    def _covers(self, kept: NewestPage, channel_id: str) -> bool:
        """Whether no event that was delivered here has changed the page since it was read."""
        newest = max(self._changed.get(channel_id, 0), self._reset)
        return newest <= kept.event_id and time.monotonic() - kept.read_at < SECONDS

    def _keep(self, channel_id: str, page: NewestPage) -> None:
        self._drop(channel_id)
        self._pages[channel_id] = page
        self._bytes += page.size
        while self._bytes > self._most_bytes:
            self._drop(next(iter(self._pages)))

    def _drop(self, channel_id: str) -> None:
        if (page := self._pages.pop(channel_id, None)) is not None:
            self._bytes -= page.size
