"""Reads the pages that new messages link to, beside the requests.

Every web process sees every new message in the event log. For each address one of them has the
claim to read the page; the others wait for what it finds, and take over if it died. So a process
that is killed leaves nothing behind that anybody waits for.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit
from uuid import UUID

from asyncpg import PostgresError, Record
from msgspec import Struct, json

from bullpen.chat.preview_links import previewed_links
from bullpen.chat.previews import KEPT, show_previews
from bullpen.events.kinds import Kind
from bullpen.kit.database import Database
from bullpen.kit.errors import AppError
from bullpen.kit.ids import new_id
from bullpen.kit.page_summary import PageSummary, summary_of
from bullpen.kit.pictures import page_picture
from bullpen.kit.web_pages import SECONDS, PageProblem, PageReader

log = logging.getLogger(__name__)

AT_ONCE = 4
# Of messages that wait for it, the oldest are left out.
MOST_WAITING = 200
LARGEST_PAGE = 512_000
LARGEST_PICTURE = 2_000_000
LARGEST_SMALL_PICTURE = 200_000
# A page that could not be read is tried again with the next message that links to it.
FAILED = timedelta(minutes=10)
# Page and picture, and some time to write.
CLAIM = timedelta(seconds=2 * SECONDS + 10)
POLL_SECONDS = 0.5

WRITTEN: tuple[Kind, ...] = ("message.created", "message.updated")
SWITCHED: Kind = "workspace.changed"
RESET: Kind = "reset"

IS_ON = "SELECT EXISTS (SELECT FROM workspace_link_previews)"
# Never for agents: what an agent has read could make it write an address that tells others of it.
# In demo mode, people write as agents; what a run has written is known.
MESSAGE = """
SELECT m.text, ARRAY(
    SELECT l.url FROM message_previews shown JOIN link_previews l ON l.id = shown.preview_id
    WHERE shown.message_id = m.id
) AS known
FROM messages m WHERE m.id = $1 AND NOT EXISTS (
    SELECT FROM run_posts p WHERE p.message_id = m.id
) AND NOT EXISTS (SELECT FROM external_agents e WHERE e.agent_id = m.user_id)
  AND ($2 OR EXISTS (SELECT FROM people p WHERE p.id = m.user_id))
"""
# What was read of the page `$1` lately enough, or that it could not be read.
LATEST = """
SELECT id, title IS NOT NULL AS has_content FROM link_previews
WHERE url = $1
  AND fetched_at > now() - CASE WHEN title IS NULL THEN $2::interval ELSE $3::interval END
"""
FIND = f"{LATEST} ORDER BY fetched_at DESC LIMIT 1"
# Not where another process has read the page since `FIND` was asked.
TAKE = f"""
INSERT INTO link_previews (id, url, claimed_until)
SELECT $4, $1, now() + $5::interval WHERE NOT EXISTS ({LATEST})
ON CONFLICT (url) WHERE fetched_at IS NULL DO UPDATE
SET id = $4, claimed_until = now() + $5::interval
WHERE link_previews.claimed_until < now() OR link_previews.id = $4 RETURNING 1
"""
KEEP = """
UPDATE link_previews
SET fetched_at = now(), title = $2, description = $3, site_name = $4, picture = $5 WHERE id = $1
"""


class WrittenMessage(Struct):
    id: UUID


class Written(Struct):
    message: WrittenMessage


class Workspace(Struct, rename="camel"):
    shows_link_previews: bool = False


class Switched(Struct):
    workspace: Workspace


class Content(NamedTuple):
    summary: PageSummary
    picture: bytes | None


_written = json.Decoder(Written)
_switched = json.Decoder(Switched)


class LinkPreviewer:
    """`is_demo`: whether people write as agents. `own_host`: the workspace's, of which there are
    no previews."""

    def __init__(
        self, database: Database, reader: PageReader, *, is_demo: bool, own_host: str | None
    ) -> None:
        self._database = database
        self._reader = reader
        self._is_demo = is_demo
        self._own_host = own_host
        # As of the newest event: what was written before it was switched on is left alone. None: to
        # be read.
        self._is_on: bool | None = None
        self._waiting: OrderedDict[UUID, None] = OrderedDict()
        self._news = asyncio.Event()

    async def load(self) -> None:
        row = await self._database.fetch_one(IS_ON)
        assert row is not None
        self._is_on = row[0]

    def note(self, rows: Sequence[Record]) -> None:
        """New events of the log."""
        for _, kind, _, _, payload in rows:
            if kind == SWITCHED:
                self._is_on = _switched.decode(payload).workspace.shows_link_previews
            elif kind == RESET:
                self._is_on = None
            elif kind in WRITTEN and self._is_on is not False and "://" in payload:
                self._wait_for(_written.decode(payload).message.id)

    def _wait_for(self, message_id: UUID) -> None:
        self._waiting[message_id] = None
        if len(self._waiting) > MOST_WAITING:
            self._waiting.popitem(last=False)
        self._news.set()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(self._work())

    async def _work(self) -> None:
        while True:
            while not self._waiting:
                self._news.clear()
                await self._news.wait()
            message_id, _ = self._waiting.popitem(last=False)
            try:
                await self._preview(message_id)
            except (AppError, PostgresError):
                # The message stays without one.
                log.info("no preview for message %s", message_id, exc_info=True)
            except Exception:
                # What somebody else serves may break anything, but not the previews of others.
                log.exception("no preview for message %s", message_id)

    async def _preview(self, message_id: UUID) -> None:
        if self._is_on is None:
            await self.load()
        if not self._is_on:
            return
        row = await self._database.fetch_one(MESSAGE, message_id, self._is_demo)
        if row is None:
            return
        urls = [url for url in previewed_links(row["text"]) if self._is_wanted(url, row["known"])]
        found = await asyncio.gather(*map(self._find, urls))
        previews = {url: each for url, each in zip(urls, found, strict=True) if each is not None}
        if previews:
            async with self._database.transaction() as connection:
                await show_previews(connection, message_id, previews)

    def _is_wanted(self, url: str, known: Sequence[str]) -> bool:
        if url in known:
            return False
        try:
            return self._own_host is None or urlsplit(url).hostname != self._own_host
        except ValueError:
            return False

    async def _find(self, url: str) -> UUID | None:
        """The preview of a page, the same for all readers; None where it cannot be read."""
        until = asyncio.get_running_loop().time() + 2 * CLAIM.total_seconds()
        while asyncio.get_running_loop().time() < until:
            row = await self._database.fetch_one(FIND, url, FAILED, KEPT)
            if row is not None:
                return row["id"] if row["has_content"] else None
            preview_id = new_id()
            if await self._database.write(TAKE, url, FAILED, KEPT, preview_id, CLAIM):
                content = await self._content(url)
                await self._keep(preview_id, content)
                return None if content is None else preview_id
            await asyncio.sleep(POLL_SECONDS)
        return None

    async def _content(self, url: str) -> Content | None:
        try:
            page = await self._reader.read(
                url,
                accept="text/html, application/xhtml+xml",
                media_types=("text/html", "application/xhtml+xml"),
                most_bytes=LARGEST_PAGE,
                whole=False,
            )
        except PageProblem as problem:
            log.info("no preview of a page: %s", problem)
            return None
        summary = await asyncio.to_thread(summary_of, page.content, page.charset)
        if summary is None:
            return None
        if summary.picture_url is None:
            return Content(summary, None)
        return Content(summary, await self._picture(page.url, summary.picture_url))

    async def _picture(self, page_url: str, picture_url: str) -> bytes | None:
        try:
            read = await self._reader.read(
                urljoin(page_url, picture_url),
                accept="image/webp, image/png, image/jpeg, image/gif",
                media_types=("image/",),
                most_bytes=LARGEST_PICTURE,
                whole=True,
            )
        except (PageProblem, ValueError):
            return None
        picture = await page_picture(read.content)
        return picture if picture and len(picture) <= LARGEST_SMALL_PICTURE else None

    async def _keep(self, preview_id: UUID, content: Content | None) -> None:
        if content is None:
            await self._database.write(KEEP, preview_id, None, None, None, None)
            return
        summary, picture = content
        values = (summary.title, summary.description, summary.site_name, picture)
        await self._database.write(KEEP, preview_id, *values)
