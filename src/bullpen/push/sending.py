"""Tells browsers of messages, as long as the process runs.

Any number of processes may do it. Deliveries are noted in the database, with the place in
the event log, in one transaction; a process takes a browser for a while, sends to it, and removes
each note after the push service has taken it. So a process that is killed leaves at most one
notice of each browser that it had taken to be sent twice, and the second one takes the place of
the first.
"""

import asyncio
import logging
from collections.abc import Callable
from uuid import UUID

from asyncpg import PostgresError, Record

from bullpen.accounts.sessions import ALIVE
from bullpen.kit.database import Database
from bullpen.kit.errors import AppError, DatabaseUnavailable, StartupError
from bullpen.push.encryption import encrypt
from bullpen.push.endpoints import SECONDS, NotPublic, PushClient
from bullpen.push.keys import ServerKey, authorization, server_key
from bullpen.push.notices import Pending, pending_notices
from bullpen.push.noting import note_messages

POLL_SECONDS = 1.0
AT_ONCE = 16
# Of one browser, before others have their turn.
MOST_PENDING = 100
# So long the push service keeps a notice for a browser that is away.
KEPT_SECONDS = 3600
# A process that has taken a browser for longer is taken for dead.
LEASE_SECONDS = 60
SHORTEST_REST, LONGEST_REST = 30, 3600
# With the rests between them, some two days.
MOST_FAILURES = 50
CONTACT = "mailto:bullpen@localhost"

ANY = "SELECT EXISTS (SELECT FROM push_subscriptions)"
CLAIM = f"""
UPDATE push_subscriptions SET due_at = now() + interval '{LEASE_SECONDS} seconds'
WHERE id IN (
    SELECT s.id FROM push_subscriptions s
    WHERE s.due_at <= now() AND s.server_key = $1
      AND EXISTS (SELECT FROM push_deliveries d WHERE d.subscription_id = s.id)
    ORDER BY s.due_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
)
RETURNING id, session_id, endpoint, browser_key, secret, session_id IS NULL OR EXISTS (
    SELECT FROM sessions s JOIN people p ON p.id = s.person_id
    WHERE s.id = session_id AND {ALIVE}
) AS is_alive
"""
NOTED = """
SELECT message_id FROM push_deliveries WHERE subscription_id = $1 ORDER BY message_id DESC LIMIT $2
"""
DONE = "DELETE FROM push_deliveries WHERE subscription_id = $1 AND message_id = ANY ($2)"
FREE = "UPDATE push_subscriptions SET due_at = now(), failures = 0 WHERE id = $1"
FAILED = f"""
UPDATE push_subscriptions SET failures = failures + 1, due_at = now() + make_interval(
    secs => LEAST({SHORTEST_REST} * 2 ^ LEAST(failures, 10), {LONGEST_REST})
) WHERE id = $1
"""
GONE = "DELETE FROM push_subscriptions WHERE id = $1"
GIVE_UP = f"DELETE FROM push_subscriptions WHERE id = $1 AND failures >= {MOST_FAILURES}"

NOT_FOUND, NO_LONGER = 404, 410
# The push service does not take this notice, however often it is sent.
REFUSED = frozenset({400, 413})

log = logging.getLogger(__name__)


class Sender:
    def __init__(
        self,
        database: Database,
        secret: Callable[[], str],
        contact: str | None = None,
        client: PushClient | None = None,
    ) -> None:
        """`contact`: the address of this server, for operators of push services."""
        self._database = database
        self._secret = secret
        self._contact = contact or CONTACT
        self._client = client or PushClient()
        self._key: ServerKey | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until it is cancelled."""
        try:
            while True:
                try:
                    await self.look()
                except DatabaseUnavailable:
                    pass
                except (AppError, PostgresError, StartupError):
                    log.exception("push: will try again")
                await asyncio.sleep(POLL_SECONDS)
        finally:
            for task in self._tasks:
                task.cancel()
            await self.close()

    async def close(self) -> None:
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.close()

    async def look(self) -> None:
        """Notes what has been written, and begins to send notices."""
        [[anybody]] = await self._database.fetch(ANY)
        if not anybody:
            return
        while await note_messages(self._database):
            pass
        free = AT_ONCE - len(self._tasks)
        if free > 0:
            key = self._server_key()
            for browser in await self._database.write(CLAIM, key.public, free):
                task = asyncio.create_task(self._send_to(browser, key))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    def _server_key(self) -> ServerKey:
        if self._key is None:
            self._key = server_key(self._secret())
        return self._key

    async def _send_to(self, browser: Record, key: ServerKey) -> None:
        try:
            async with asyncio.timeout(LEASE_SECONDS - SECONDS):
                await self._tell_all(browser, key)
        except (DatabaseUnavailable, TimeoutError):
            # The lease runs out.
            pass
        except (AppError, PostgresError):
            log.exception("push: could not notify a browser")

    async def _tell_all(self, browser: Record, key: ServerKey) -> None:
        browser_id: UUID = browser["id"]
        if not browser["is_alive"]:
            await self._database.write(GONE, browser_id)
            return
        noted = [row[0] for row in await self._database.fetch(NOTED, browser_id, MOST_PENDING)]
        notices = await pending_notices(self._database, browser_id, noted)
        wanted = {notice.message_id for notice in notices}
        await self._database.write(DONE, browser_id, [one for one in noted if one not in wanted])
        for notice in notices:
            status = await self._post(browser, key, notice)
            if status in (NOT_FOUND, NO_LONGER):
                await self._database.write(GONE, browser_id)
                return
            if status is not None and (status < 300 or status in REFUSED):  # noqa: PLR2004
                await self._database.write(DONE, browser_id, [notice.message_id])
            if status is None or status >= 300:  # noqa: PLR2004 - also redirects
                await self._database.write(FAILED, browser_id)
                await self._database.write(GIVE_UP, browser_id)
                return
        await self._database.write(FREE, browser_id)

    async def _post(self, browser: Record, key: ServerKey, notice: Pending) -> int | None:
        """The status of the answer; None where there was none."""
        from httpx2 import HTTPError, InvalidURL  # noqa: PLC0415 - see `PushClient`

        endpoint = browser["endpoint"]
        headers = {
            "Authorization": authorization(key, endpoint, self._contact),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEPT_SECONDS),
            "Topic": notice.topic,
            "Urgency": "high",
        }
        body = encrypt(notice.content, browser["browser_key"], browser["secret"])
        try:
            return await self._client.post(endpoint, headers, body)
        except (NotPublic, HTTPError, InvalidURL, OSError, TimeoutError, UnicodeError):
            return None
