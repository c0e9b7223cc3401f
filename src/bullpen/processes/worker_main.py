"""Builds a worker, which answers for the agents, and runs it until it is told to stop."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

import asyncpg
import msgspec

from bullpen.agents.connections import Stored
from bullpen.agents.providers import Providers
from bullpen.agents.responder import WorkspaceResponder
from bullpen.agents.runner import Responder
from bullpen.agents.telemetry import Telemetry
from bullpen.agents.worker import Worker
from bullpen.files import bucket
from bullpen.kit.database import GONE, Database
from bullpen.kit.errors import AppError
from bullpen.kit.event_loop import loop_factory
from bullpen.kit.reports import report_errors
from bullpen.kit.watchdog import watch
from bullpen.kit.zones import find_zone
from bullpen.processes.child import name_process, read_config, stop_with_parent
from bullpen.processes.notifying import notifying
from bullpen.processes.process_config import WorkerConfig
from bullpen.runs.mailbox import release

LAST_SECONDS = 3
# A worker that stands still for so long is ended, and its runs go to another.
STUCK_SECONDS = 5.0
AGAIN_SECONDS = 1.0
# Where a worker shares a machine with the server, people who write go before agents who answer.
NICENESS = 10


def clock(time_zone: str) -> Callable[[], datetime]:
    zone = find_zone(time_zone)
    if zone is None:
        # The machine's own, which need not have a name.
        return lambda: datetime.now().astimezone()
    return lambda: datetime.now(zone)


async def run_worker(
    config: WorkerConfig,
    stopping: asyncio.Event,
    announce: Callable[[], Any],
    make: Callable[[Database], Responder] | None = None,
) -> None:
    if config.sentry_dsn is not None:
        report_errors(config.sentry_dsn)
    bucket.connect(config.bucket)
    database = await open_database(config.database_url, stopping)
    if database is None:
        return
    listening = config.unpooled_url or (None if database.pooled else config.database_url)
    telemetry = None if config.otlp_endpoint is None else Telemetry.start(config.otlp_endpoint)
    watch = {} if telemetry is None else {"watch": telemetry.watch}
    providers = Providers(config.model_settings, database, **watch)
    stored = Stored(config.model_settings, config.secret.read)

    async def refresh() -> None:
        providers.model_settings = await stored.settings(database)

    loading = None
    try:
        if make is None:
            responder: Responder = WorkspaceResponder(
                providers.runtime_for, refresh, providers.sees_pictures
            )
            await refresh()
            # Meanwhile runs are answered already; the first with a model waits for the rest.
            loading = asyncio.create_task(asyncio.to_thread(providers.preload))
        else:
            responder = make(database)
        if config.former is not None:
            await free_runs_of(config.former, database)
        announce()
        gc.freeze()
        worker = Worker(database, listening, responder, clock(config.time_zone), name=config.name)
        sending = [
            asyncio.create_task(work)
            for work in notifying(
                database, config.secret.read, config.public_url, config.mail, config.base_url
            )
        ]
        try:
            await worker.run(stopping)
        finally:
            for task in sending:
                task.cancel()
            await asyncio.gather(*sending, return_exceptions=True)
        if loading is not None:
            await loading
    finally:
        if telemetry is not None:
            await asyncio.to_thread(telemetry.stop)
        await providers.close()
        await database.close()


async def free_runs_of(worker: str, database: Database) -> None:
    """Nobody need wait until the lease of a worker that is known to be gone has run out."""
    with suppress(AppError, asyncpg.PostgresError):
        await release(database, worker)


async def open_database(url: str, stopping: asyncio.Event) -> Database | None:
    """Also one that is away for the moment."""
    while not stopping.is_set():
        try:
            return await Database.open(url)
        except GONE:
            await asyncio.sleep(AGAIN_SECONDS)
    return None


def run_as_child() -> None:
    name_process("bullpen-worker")
    given = read_config()
    if given is not None:
        run(msgspec.json.decode(given, type=WorkerConfig), of_parent=True)


def run(config: WorkerConfig, *, of_parent: bool) -> None:
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(work(config, of_parent=of_parent))


async def work(config: WorkerConfig, *, of_parent: bool) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop(*_: Any) -> None:
        loop.call_soon_threadsafe(stopping.set)

    signal.signal(signal.SIGTERM, stop)
    if of_parent:
        if sys.platform != "win32":
            os.nice(NICENESS)
        stop_with_parent(stopping, LAST_SECONDS)
    else:
        signal.signal(signal.SIGINT, stop)
    watching = asyncio.create_task(watch(STUCK_SECONDS))
    try:
        await run_worker(config, stopping, lambda: None)
    finally:
        watching.cancel()


if __name__ == "__main__":
    run_as_child()
