"""One web process: the application behind Uvicorn, until it is told to stop."""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any

import msgspec
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from bullpen import app
from bullpen.api.routes.events import CUT
from bullpen.files import bucket
from bullpen.kit.errors import StartupError
from bullpen.kit.event_loop import loop_factory
from bullpen.kit.reports import report_errors
from bullpen.kit.zones import find_zone
from bullpen.processes.child import READY, name_process, read_config, stop_with_parent
from bullpen.processes.process_config import WebConfig

# Stopping all of the program takes at most two seconds, and this is its first part.
GRACE_SECONDS = 0.5
# Longer than proxies keep theirs, so that it is they who close what is idle.
KEPT_SECONDS = 75
# Between two looks at the clock, which every answer has the date of.
TICK_SECONDS = 1
LAST_SECONDS = 2


class Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()
        self.stopping = asyncio.Event()

    def stop(self) -> None:
        self.should_exit = True
        self.stopping.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    async def main_loop(self) -> None:
        """Wakes once a second, for the date of the answers, and at once when it is to stop: uvicorn
        itself looks ten times a second."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_SECONDS):
                    await self.stopping.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are handled by the program that runs it."""
        yield


async def run_web(
    config: WebConfig, listener: socket.socket, stopping: asyncio.Event, announce: Callable[[], Any]
) -> None:
    if config.sentry_dsn is not None:
        report_web_errors(config.sentry_dsn)
    bucket.connect(config.bucket)
    built = app.build(
        config.database_url,
        hosts=config.hosts,
        unpooled_url=config.unpooled_url,
        agents_answer=config.agents,
        model_settings=config.model_settings,
        secret=config.secret.read,
        zone=zone(config.time_zone),
        limits=config.limits,
        kept=config.kept,
        trusted_proxies=config.trusted_proxies,
        public_url=config.public_url,
        team=config.team,
        open_metrics=config.open_metrics,
        figures_folder=config.figures_folder,
        largest_file=config.largest_file,
        preview_networks=config.preview_networks,
    )
    server_config = uvicorn.Config(
        with_cut(built),
        log_level="warning",
        access_log=False,
        lifespan="on",
        timeout_keep_alive=KEPT_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,  # type: ignore[arg-type]
        server_header=False,
        # Bullpen reads the proxies' headers itself, see `api/http/sources.py`.
        proxy_headers=False,
        **bounded(config.trusted_proxies),
    )
    server = Server(server_config)
    serving = asyncio.create_task(server.serve([listener]))
    await first_of(serving, server.up.wait())
    if serving.done():
        await serving
        raise StartupError("the web server could not start; the lines above say why")
    announce()
    # What is loaded by now stays: the collector need not look at it again, nor at every page.
    gc.freeze()
    gc.set_threshold(50_000)
    await first_of(serving, stopping.wait())
    # Streams would last for minutes; their readers reconnect to the next process.
    built.state.bullpen.hub.streams.end_all()
    server.stop()
    await serving


def report_web_errors(dsn: str, **options: Any) -> None:
    """Also those of requests, which the application answers with 500."""
    from sentry_sdk.integrations.fastapi import FastApiIntegration  # noqa: PLC0415 - as `init` is
    from sentry_sdk.integrations.starlette import StarletteIntegration  # noqa: PLC0415

    report_errors(dsn, integrations=[StarletteIntegration(), FastApiIntegration()], **options)


def zone(name: str) -> tzinfo:
    # Without such a zone, the machine's own, which need not have a name.
    return find_zone(name) or datetime.now().astimezone().tzinfo or UTC


def bounded(trusted: Iterable[str]) -> dict[str, Any]:
    if sys.platform == "win32":
        return {}
    from bullpen.api.http import connections  # noqa: PLC0415 - needs what there is not on Windows

    return {"http": connections.protocol(connections.room(), trusted)}


def with_cut(app: ASGIApp) -> ASGIApp:
    """Lets a request end its connection at once, which ASGI has no word for."""

    async def cuttable(scope: Scope, receive: Receive, send: Send) -> None:
        transport = getattr(getattr(send, "__self__", None), "transport", None)
        if transport is not None:
            scope[CUT] = transport.abort
        await app(scope, receive, send)

    return cuttable


async def first_of(serving: "asyncio.Task[None]", event: Coroutine[Any, Any, Any]) -> None:
    waiting = asyncio.create_task(event)
    await asyncio.wait([serving, waiting], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()


def run_as_child(listener: int) -> None:
    name_process("bullpen-web")
    given = read_config()
    if given is None:
        return
    config = msgspec.json.decode(given, type=WebConfig)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(serve_for_parent(config, socket.socket(fileno=listener)))


async def serve_for_parent(config: WebConfig, listener: socket.socket) -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)

    def say_ready() -> None:
        with contextlib.suppress(BrokenPipeError):
            os.write(1, READY)

    stop_with_parent(stopping, LAST_SECONDS)
    await run_web(config, listener, stopping, say_ready)


if __name__ == "__main__":
    run_as_child(int(sys.argv[1]))
