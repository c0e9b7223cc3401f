"""Everything about events that a web process keeps: how far it is, and who is to hear of it."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from asyncpg import Record

from bullpen.api.realtime.answers import Answers
from bullpen.api.realtime.streams import HEARTBEAT_SECONDS, Streams
from bullpen.chat.newest_pages import NewestPages
from bullpen.chat.preview_fetching import LinkPreviewer
from bullpen.events.subscriber import LogSubscriber
from bullpen.kit.database import Database, patiently
from bullpen.kit.errors import AppError
from bullpen.members.audience import Audience
from bullpen.members.people import note_seen
from bullpen.members.queries import active_ids
from bullpen.workspace.retention import Retention, trim_everything

# For members who came or went by SQL alone, who have no event.
RENEW_SECONDS = 30.0
TRIM_SECONDS = 3600.0


class Hub:
    def __init__(
        self, subscriber: LogSubscriber, streams: Streams, pages: NewestPages, answers: Answers
    ) -> None:
        self.subscriber = subscriber
        self.streams = streams
        self.pages = pages
        self.answers = answers


@asynccontextmanager
async def run_hub(
    database: Database,
    unpooled_url: str | None,
    kept: Retention,
    previewer: LinkPreviewer,
    *,
    shows_thinking: bool,
) -> AsyncIterator[Hub]:
    number, audience = await patiently(lambda: Audience.load(database))
    streams = Streams(audience, number)
    answers = Answers(database, streams, shows_thinking=shows_thinking)
    pages = NewestPages(database)
    await patiently(previewer.load)

    def deliver(rows: Sequence[Record]) -> None:
        pages.note(rows)
        answers.note(rows)
        streams.deliver(rows)
        previewer.note(rows)

    subscriber = LogSubscriber(database, unpooled_url, number, deliver, answers.look)
    hub = Hub(subscriber, streams, pages, answers)
    tasks = [
        asyncio.create_task(work)
        for work in (
            subscriber.run(),
            beat(hub, database),
            renew(hub, database),
            trim_hourly(database, kept),
            previewer.run(),
        )
    ]
    try:
        yield hub
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def beat(hub: Hub, database: Database) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        hub.streams.beat(hub.subscriber.known)
        # Reading goes on where nothing can be written.
        with suppress(AppError):
            await note_seen(database, hub.streams.user_ids())


async def renew(hub: Hub, database: Database) -> None:
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        with suppress(AppError):
            async with hub.subscriber.at_rest() as read_until:
                number, audience = await Audience.load(database)
                await read_until(number)
                hub.streams.audience = audience
            hub.streams.end_others(await active_ids(database))


async def trim_hourly(database: Database, kept: Retention) -> None:
    while True:
        await asyncio.sleep(TRIM_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311 - no secret
        with suppress(AppError):
            await trim_everything(database, kept)
