"""Builds a worker, which answers for the agents, and runs it until it is told to stop."""

import asyncio
import gc
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from bullpen.agents.loop import Mind
from bullpen.agents.working import Worker
from bullpen.kit.database import GONE, Database

AGAIN_SECONDS = 1.0


class Job(Struct, frozen=True):
    """What a worker needs to know."""

    database_url: str
    # Where notifications can be listened for; None: where everything else goes.
    unpooled_url: str | None = None
    time_zone: str = "UTC"
    sentry_dsn: str | None = None


def clock(time_zone: str) -> Callable[[], datetime]:
    try:
        zone = ZoneInfo(time_zone)
    except (KeyError, OSError, ValueError):
        # The machine's own, whatever it calls it.
        return lambda: datetime.now().astimezone()
    return lambda: datetime.now(zone)


async def run_worker(
    job: Job, mind: Mind, stopping: asyncio.Event, announce: Callable[[], Any]
) -> None:
    if job.sentry_dsn is not None:
        import sentry_sdk  # noqa: PLC0415 - slow to load, and few have one

        sentry_sdk.init(dsn=job.sentry_dsn)
    database = await open_database(job.database_url, stopping)
    if database is None:
        return
    listening = job.unpooled_url or (None if database.pooled else job.database_url)
    try:
        announce()
        gc.freeze()
        await Worker(database, listening, mind, clock(job.time_zone)).run(stopping)
    finally:
        await database.close()


async def open_database(url: str, stopping: asyncio.Event) -> Database | None:
    """Also one that is away for the moment."""
    while not stopping.is_set():
        try:
            return await Database.open(url)
        except GONE:
            await asyncio.sleep(AGAIN_SECONDS)
    return None
