"""The figures of each web process, and how the one that is asked knows those of the others.

Each of several processes writes its own to a file of a folder that they share, every few seconds.
"""

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from bullpen.api.http.traffic import Seconds, Traffic
from bullpen.api.realtime.hub import Hub
from bullpen.kit.database import Database
from bullpen.kit.errors import DatabaseUnavailable

WRITE_SECONDS = 2.0
# A process that has written nothing for so long has ended.
ENDED_SECONDS = 20.0


class Figures(Struct):
    """Of one web process."""

    process: str
    started_at: float
    requests: list[tuple[str, str, int, int]]
    seconds: list[tuple[str, str, Seconds]]
    streams: int
    pool_open: int
    pool_idle: int
    pool_limit: int
    # Events that are stored and have not reached this process; None: the database is away.
    event_lag: int | None


class Process:
    def __init__(
        self, database: Database, hub: Hub, traffic: Traffic, folder: str | None = None
    ) -> None:
        self.database = database
        self.hub = hub
        self.traffic = traffic
        self.folder = None if folder is None else Path(folder)
        self.name = str(os.getpid())
        self.started_at = time.time()

    async def figures(self) -> Figures:
        try:
            lag = await self.hub.subscriber.lag()
        except DatabaseUnavailable:
            lag = None
        pool = self.database.pool_use()
        return Figures(
            self.name,
            self.started_at,
            [(*key, count) for key, count in self.traffic.requests.items()],
            [(*key, seconds) for key, seconds in self.traffic.seconds.items()],
            self.hub.streams.count(),
            *pool,
            lag,
        )

    async def all_figures(self) -> list[Figures]:
        """Of all web processes. Others read what is written here, so that no counter of this
        process is ever lower in their answer than it was in this one."""
        own = await self.figures()
        self.write(own)
        return [own, *self.others()]

    def others(self) -> Iterator[Figures]:
        if self.folder is None:
            return
        for file in sorted(self.folder.glob("*.json")):
            if file.stem == self.name:
                continue
            # One may end and be removed meanwhile.
            with suppress(OSError, msgspec.DecodeError):
                if time.time() - file.stat().st_mtime < ENDED_SECONDS:
                    yield msgspec.json.decode(file.read_bytes(), type=Figures)

    def write(self, figures: Figures) -> None:
        if self.folder is None:
            return
        written = self.folder / f"{self.name}.json"
        # The folder goes with the program; a full disk is no reason to stop serving.
        with suppress(OSError):
            partial = written.with_suffix(".new")
            partial.write_bytes(msgspec.json.encode(figures))
            partial.replace(written)

    async def keep_writing(self) -> None:
        while self.folder is not None:
            self.write(await self.figures())
            await asyncio.sleep(WRITE_SECONDS)
