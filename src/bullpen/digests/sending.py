"""Sends digests, as long as the process runs.

Any number of processes may do it: who is due is taken in a transaction that also keeps until when
their messages are covered, and only then is the e-mail sent. So no message is in two digests, and a
process that is killed in between leaves those of one person out. What the mail server refuses is
tried again later.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from asyncpg import PostgresError, Record

from bullpen.accounts.mail import Mail, send
from bullpen.accounts.team import MailServer
from bullpen.digests.items import unread_items
from bullpen.digests.letter import Letter, written
from bullpen.digests.rule import next_due
from bullpen.digests.unsubscribing import address
from bullpen.kit.database import Database
from bullpen.kit.errors import AppError, DatabaseUnavailable, StartupError
from bullpen.kit.zones import find_zone
from bullpen.push.notices import rests

POLL_SECONDS = 60.0
# What is newer may still be read, or its transaction may not have ended.
YOUNGEST = timedelta(minutes=5)
# People who used Bullpen since then are not away.
AWAY_MINUTES = 15
# After hours of rest, or a mail server that refuses.
LATER = timedelta(minutes=15)

WANTS = """
p.email IS NOT NULL AND p.is_active AND chosen.rhythm IS DISTINCT FROM 'off'
"""
PEOPLE = "people p LEFT JOIN digest_rhythms chosen ON chosen.user_id = p.id"
# Digests begin with what is written from then on.
BEGIN = f"""
INSERT INTO digests (user_id, covered_until, due_at)
SELECT p.id, $1, $1 FROM {PEOPLE}
WHERE {WANTS} AND NOT EXISTS (SELECT FROM digests d WHERE d.user_id = p.id)
ON CONFLICT DO NOTHING
"""
END = f"""
DELETE FROM digests d
WHERE NOT EXISTS (SELECT FROM {PEOPLE} WHERE p.id = d.user_id AND {WANTS})
"""
# People who have just chosen `hourly` need not wait for the morning first.
TAKE = f"""
SELECT d.user_id, d.covered_until, p.email, COALESCE(p.time_zone, 'UTC') AS time_zone,
       workspace.name AS workspace, COALESCE(chosen.rhythm, 'daily') AS rhythm,
       settings.paused_until, settings.quiet_from, settings.quiet_until,
       COALESCE(settings.is_silent, false) AS is_silent,
       EXISTS (SELECT FROM sessions s WHERE s.person_id = p.id
           AND s.last_used_at > $1::timestamptz - interval '{AWAY_MINUTES} minutes') AS is_here
FROM digests d JOIN {PEOPLE} ON p.id = d.user_id
LEFT JOIN notification_settings settings ON settings.user_id = p.id CROSS JOIN workspace
WHERE {WANTS} AND (d.due_at <= $1
    OR chosen.rhythm = 'hourly' AND d.due_at > $1::timestamptz + interval '1 hour')
ORDER BY d.due_at LIMIT 1 FOR NO KEY UPDATE OF d SKIP LOCKED
"""
POSTPONE = "UPDATE digests SET due_at = $2 WHERE user_id = $1"
COVERED = (
    "UPDATE digests SET covered_until = GREATEST(covered_until, $2), due_at = $3 WHERE user_id = $1"
)
# Unless another one has been sent meanwhile.
REFUSED = """
UPDATE digests SET covered_until = $3, due_at = $4 WHERE user_id = $1 AND covered_until = $2
"""

log = logging.getLogger(__name__)


class Taken(NamedTuple):
    """A person who was due. `mail` None: there is nothing to send, or not now."""

    user_id: str
    before: datetime
    until: datetime
    mail: Mail | None


class DigestSender:
    def __init__(
        self, database: Database, server: MailServer, base_url: str, secret: Callable[[], str]
    ) -> None:
        self._database = database
        self._server = server
        self._base_url = base_url
        self._secret = secret

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                await self.look(datetime.now(UTC))
            except DatabaseUnavailable:
                pass
            except (AppError, PostgresError, StartupError):
                log.exception("digests: will try again")
            await asyncio.sleep(POLL_SECONDS)

    async def look(self, now: datetime) -> None:
        """Sends to everybody who is due, one after the other."""
        await self._database.write(END)
        await self._database.write(BEGIN, now)
        while (taken := await self._take(now)) is not None:
            if taken.mail is not None and not await send(self._server, taken.mail):
                again = [taken.user_id, taken.until, taken.before, now + LATER]
                await self._database.write(REFUSED, *again)

    async def _take(self, now: datetime) -> Taken | None:
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(TAKE, now)
            if row is None:
                return None
            user_id, before, until = row["user_id"], row["covered_until"], now - YOUNGEST
            if row["is_here"] or rests(row, now):
                await connection.execute(POSTPONE, user_id, now + LATER)
                return Taken(user_id, before, until, None)
            items = await unread_items(connection, user_id, before, until)
            zone = find_zone(row["time_zone"]) or UTC
            due = next_due(row["rhythm"], now, zone)
            # It is complete before anything is kept.
            mail = self._mail(row, items) if items else None
            await connection.execute(COVERED, user_id, until, due)
        return Taken(user_id, before, until, mail)

    def _mail(self, row: Record, items: list[Record]) -> Mail:
        end = address(self._base_url, self._secret(), row["user_id"])
        return written(Letter(row["email"], row["workspace"], self._base_url, end), items)
