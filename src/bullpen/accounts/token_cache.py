"""The tokens that a web process has seen lately, so that not every request looks them up."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar
from uuid import UUID

from bullpen.accounts.tokens import Access, find_access, note_use
from bullpen.kit.database import Database
from bullpen.kit.errors import DatabaseUnavailable

# How long a revoked token may still be accepted. Streams look as often.
KNOWN_SECONDS = 1.0
NOTED_SECONDS = 60.0
MOST = 10_000

Key = TypeVar("Key")
Value = TypeVar("Value")


class TokenCache:
    def __init__(self, database: Database, now: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._now = now
        self._known: dict[bytes, tuple[float, Access]] = {}
        # When the use of a token from an address was last written.
        self._noted: dict[tuple[UUID, str], float] = {}

    async def find(self, token_hash: bytes) -> Access | None:
        """None if it is not valid now. Only valid ones are kept, so guesses take no memory."""
        now = self._now()
        found = self._known.get(token_hash)
        if found is not None and now - found[0] < KNOWN_SECONDS:
            return found[1]
        access = await find_access(self._database, token_hash)
        self._known.pop(token_hash, None)
        if access is not None:
            make_room(self._known)
            self._known[token_hash] = now, access
        return access

    async def until_refused(self, access: Access) -> None:
        """Returns soon after the token is revoked or expires, or its user is made inactive."""
        while True:
            await asyncio.sleep(KNOWN_SECONDS)
            with suppress(DatabaseUnavailable):
                found = await self.find(access.token_hash)
                if found is None or not found.is_active:
                    return

    async def note_use(self, access: Access, address: str) -> None:
        """Once a minute for each address. A database that takes no writes refuses no reader."""
        now = self._now()
        key = access.token_id, address
        if now - self._noted.get(key, -NOTED_SECONDS) < NOTED_SECONDS:
            return
        self._noted.pop(key, None)
        make_room(self._noted)
        self._noted[key] = now
        with suppress(DatabaseUnavailable):
            async with self._database.transaction() as connection:
                await note_use(connection, access, address)


def make_room(kept: dict[Key, Value]) -> None:
    """Drops the oldest entry where there are too many."""
    if len(kept) >= MOST:
        del kept[next(iter(kept))]
