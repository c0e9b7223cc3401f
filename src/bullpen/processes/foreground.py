"""Serves the workspace in the foreground: in this process, or in several under it."""

import asyncio
import errno
import importlib
import os
import signal
import socket
import sys
import tempfile
import threading
from contextlib import ExitStack, suppress
from types import FrameType
from typing import Any, NoReturn

import msgspec
import typer

from bullpen.kit.database import Database, patiently
from bullpen.kit.errors import StartupError
from bullpen.kit.event_loop import loop_factory
from bullpen.kit.progress import Progress
from bullpen.processes import bootstrap, service_manager
from bullpen.processes.addresses import base_url
from bullpen.processes.children import Children, Kind, preloading
from bullpen.processes.process_config import WebConfig, WorkerConfig
from bullpen.processes.web_supervisor import run_processes
from bullpen.processes.worker_supervisor import keep_worker
from bullpen.settings import Settings, split_list

WATCH_SECONDS = 0.5
FILES = 16_384
SENT_BYTES = 256 * 1024
AS_ROOT = (
    "it runs as root, and others can reach it: start it as a user who owns nothing but"
    " BULLPEN_DATA_DIR"
)
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


def serve(settings: Settings) -> None:
    allow_files()
    signal.signal(signal.SIGTERM, interrupt)
    # Being told to stop is a good end, also in the middle of the start. The port comes before
    # anything slow: a taken one is the commonest mistake.
    with (
        suppress(KeyboardInterrupt, asyncio.CancelledError),
        preloading(child_kinds(settings)) as children,
        bind(settings) as listener,
        Progress() as progress,
    ):
        if settings.is_reachable and is_root():
            typer.echo(f"bullpen: {AS_ROOT}", err=True)
        if settings.workers == 1:
            # The web framework takes as long to load as Postgres takes to start.
            loading = threading.Thread(
                target=importlib.import_module, args=["bullpen.processes.web_main"]
            )
            loading.start()
        location = bootstrap.locate(settings, progress)
        try:
            with asyncio.Runner(loop_factory=loop_factory()) as runner:
                runner.run(run(settings, location, listener, children, progress))
        finally:
            for wanted in (signal.SIGINT, signal.SIGTERM):
                signal.signal(wanted, signal.SIG_IGN)
            location.stop()


def child_kinds(settings: Settings) -> list[Kind]:
    kinds: list[Kind] = []
    if settings.workers > 1:
        kinds.append("web")
    if settings.agents:
        kinds.append("worker")
    return kinds


def allow_files() -> None:
    """As many open files, and so connections, as this user may have."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(hard, FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def interrupt(_: int, __: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


async def run(
    settings: Settings,
    location: bootstrap.DatabaseLocation,
    listener: socket.socket,
    children: Children,
    progress: Progress,
) -> None:
    stopping = asyncio.Event()
    main = asyncio.current_task()
    assert main is not None
    preparing = True

    def stop(*_: Any) -> None:
        service_manager.notify(settings.notify_socket, service_manager.STOPPING)
        stopping.set()
        if preparing:
            main.cancel()

    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, lambda *_: loop.is_closed() or loop.call_soon_threadsafe(stop))
    children.watch()
    prepared = asyncio.Event()
    worker = asyncio.create_task(
        serve_agents(worker_config(settings, location), children, prepared, stopping)
    )
    try:
        typer.echo(await bootstrap.prepare(location, settings, progress))
        preparing = False
        prepared.set()
        await run_server(settings, location, listener, children, stopping)
    finally:
        stopping.set()
        with suppress(asyncio.CancelledError):
            await worker


async def run_server(
    settings: Settings,
    location: bootstrap.DatabaseLocation,
    listener: socket.socket,
    children: Children,
    stopping: asyncio.Event,
) -> None:
    from bullpen.processes.owner_links import (  # noqa: PLC0415 - loaded meanwhile, see above
        first_owner_link,
        team_of,
    )

    url = address(settings, listener)
    web = WebConfig(
        location.url,
        host_names(settings),
        settings.sentry_dsn,
        unpooled_url(location),
        settings.agents,
        settings.model_settings,
        str(settings.time_zone),
        settings.limits,
        settings.kept,
        settings.trusted_networks,
        settings.public_url,
        team_of(settings, url),
        settings.metrics,
        secret=settings.secret_source,
        largest_file=settings.file_megabytes * 1_000_000,
        bucket=settings.bucket,
        preview_networks=split_list(settings.preview_networks),
    )
    if web.team is not None:
        typer.echo("Team mode: people sign in")
        if (link := await first_owner_link(location, web.team)) is not None:
            typer.echo(f"Nobody can sign in as owner yet. To become the owner, open {link}")

    def announce() -> None:
        typer.echo(f"Bullpen is ready at {url}")
        sys.stdout.flush()
        service_manager.notify(settings.notify_socket, service_manager.READY)

    tasks = [asyncio.create_task(keep_running(location))]
    if not settings.agents:
        tasks.append(asyncio.create_task(send_without_worker(location, settings)))
    try:
        if settings.workers == 1:
            from bullpen.processes.web_main import run_web  # noqa: PLC0415 - loaded meanwhile

            await run_web(web, listener, stopping, announce)
        else:
            with tempfile.TemporaryDirectory(prefix="bullpen-figures-") as folder:
                several = msgspec.structs.replace(web, figures_folder=folder)
                await run_processes(
                    settings.workers, several, listener, children, stopping, announce
                )
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def send_without_worker(location: bootstrap.DatabaseLocation, settings: Settings) -> None:
    """People's scheduled messages, reminders and notifications do not depend on agents."""
    from bullpen.chat.due import keep_sending  # noqa: PLC0415 - loaded meanwhile, see above
    from bullpen.processes.notifying import notifying  # noqa: PLC0415 - see above
    from bullpen.processes.owner_links import mail_server  # noqa: PLC0415 - see above

    database = await patiently(lambda: Database.open(location.url))
    secret = settings.secret_source.read
    mail, base = mail_server(settings), base_url(settings, settings.port)
    sending = notifying(database, secret, settings.public_url, mail, base)
    try:
        await asyncio.gather(keep_sending(database), *sending)
    finally:
        await database.close()


async def serve_agents(
    config: WorkerConfig | None,
    children: Children,
    prepared: asyncio.Event,
    stopping: asyncio.Event,
) -> None:
    if config is not None:
        await keep_worker(config, children, prepared, stopping)


def worker_config(settings: Settings, location: bootstrap.DatabaseLocation) -> WorkerConfig | None:
    from bullpen.processes.owner_links import mail_server  # noqa: PLC0415 - loaded meanwhile

    if not settings.agents:
        return None
    return WorkerConfig(
        location.url,
        unpooled_url(location),
        str(settings.time_zone),
        settings.sentry_dsn,
        settings.otlp_endpoint,
        settings.model_settings,
        secret=settings.secret_source,
        public_url=settings.public_url,
        bucket=settings.bucket,
        mail=mail_server(settings),
        base_url=base_url(settings, settings.port),
    )


def work(settings: Settings) -> None:
    """A worker by itself, in the foreground."""
    if not settings.agents:
        raise StartupError("BULLPEN_AGENTS is off: nobody would be answered; set it to on")
    signal.signal(signal.SIGTERM, interrupt)
    with suppress(KeyboardInterrupt, asyncio.CancelledError), Progress() as progress:
        location = bootstrap.locate(settings, progress)
        try:
            typer.echo(asyncio.run(bootstrap.prepare(location, settings, progress)))
            from bullpen.processes.worker_main import run as run_job  # noqa: PLC0415 - see above

            wanted = worker_config(settings, location)
            assert wanted is not None
            typer.echo("Bullpen answers for its agents")
            sys.stdout.flush()
            service_manager.notify(settings.notify_socket, service_manager.READY)
            run_job(wanted, of_parent=False)
        finally:
            location.stop()


async def keep_running(location: bootstrap.DatabaseLocation) -> None:
    """The embedded Postgres goes with the program that started it, which may be another one."""
    problem_said = ""
    while location.embedded is not None:
        await asyncio.sleep(WATCH_SECONDS)
        try:
            # Not in a thread: Postgres ends with the thread that started it.
            location.embedded.ensure()
            problem_said = ""
        except StartupError as problem:
            if str(problem) != problem_said:
                typer.echo(f"bullpen: {problem}", err=True)
            problem_said = str(problem)


def unpooled_url(location: bootstrap.DatabaseLocation) -> str | None:
    """None where only the one address is known, which may well lead through a pooler."""
    return None if location.unpooled_url == location.url else location.unpooled_url


def host_names(settings: Settings) -> list[str] | None:
    """On another address than a loopback address without a public URL, None: Bullpen cannot know
    its names, and only who signed in can do anything."""
    if settings.public_host is None and not settings.loopback:
        return None
    public = [] if settings.public_host is None else [settings.public_host]
    return [*LOCAL_NAMES, settings.host, *public, *split_list(settings.allowed_hosts)]


def address(settings: Settings, listener: socket.socket) -> str:
    return base_url(settings, listener.getsockname()[1])


def bind(settings: Settings) -> socket.socket:
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with ExitStack() as unless_bound:
            # asyncio's own loop, which Windows has, sends small answers at once only over a socket
            # that says it is TCP; others wait for the reader's acknowledgment of their first part.
            listener = unless_bound.enter_context(socket.socket(family, kind, protocol))
            if os.name == "posix":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # What the system itself holds of a client that does not read; by itself it would
            # take megabytes.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SENT_BYTES)
            listener.bind(where)
            listener.listen(2048)
            unless_bound.pop_all()
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            raise StartupError(
                f"port {settings.port} on {settings.host} is taken: "
                "stop what uses it, or choose another with BULLPEN_PORT"
            ) from problem
        raise StartupError(
            f"cannot listen on {settings.host}, port {settings.port} ({problem.strerror}): "
            "correct BULLPEN_HOST or BULLPEN_PORT"
        ) from problem
    return listener
