"""The sessions that a web process has just looked up, so that most requests need no statement."""

import time
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

from bullpen.accounts.secrets import digest
from bullpen.accounts.sessions import TOUCH, SignedIn, find_session
from bullpen.kit.database import Database
from bullpen.kit.errors import AppError
from bullpen.members.people import note_seen

# How long after its end a session may still be used here, at most.
SECONDS = 2.0
MOST = 10_000
TOUCHED_AFTER = timedelta(minutes=1)


class SessionCache:
    def __init__(self, database: Database) -> None:
        self._database = database
        # By the token's hash: until when, and the session.
        self._known: dict[bytes, tuple[float, SignedIn]] = {}

    async def find(self, token: str, address: str) -> SignedIn | None:
        """None for a session that is not there or has ended. What is found is noted as used."""
        key = digest(token)
        until, known = self._known.get(key, (0.0, None))
        if known is not None and time.monotonic() < until:
            return known
        self._known.pop(key, None)
        session = await find_session(self._database, token)
        if session is None:
            return None
        await self._touch(session, address)
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[key] = (time.monotonic() + SECONDS, session)
        return session

    async def _touch(self, session: SignedIn, address: str) -> None:
        if datetime.now(UTC) - session.last_used_at < TOUCHED_AFTER:
            return
        # Reading goes on where nothing can be written.
        with suppress(AppError):
            await self._database.write(TOUCH, session.id, address)
            await note_seen(self._database, [session.person_id])

    def forget_sessions(self, session_ids: AbstractSet[UUID]) -> None:
        self._known = {
            key: entry for key, entry in self._known.items() if entry[1].id not in session_ids
        }

    def forget(self, person_id: str) -> None:
        """Sessions of the person that have just ended end here at once."""
        self._known = {
            key: entry for key, entry in self._known.items() if entry[1].person_id != person_id
        }
