"""Several web processes on one socket, under a parent that replaces those that die."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec

from bullpen.kit.errors import StartupError
from bullpen.kit.event_loop import loop_factory
from bullpen.processes.process_config import WebConfig
from bullpen.processes.web_main import run_web

# Without the current folder among the places where modules are looked for.
PYTHON = (sys.executable, "-P")
READY = b"ready\n"
READY_SECONDS = 30
AGAIN_SECONDS = 1
STOP_SECONDS = 1.2
LAST_SECONDS = 2


async def run_processes(
    number: int,
    config: WebConfig,
    listener: socket.socket,
    stopping: asyncio.Event,
    announce: Callable[[], Any],
) -> None:
    if sys.platform == "win32":
        raise StartupError("several web processes are not supported on Windows: use --workers 1")
    processes = await asyncio.gather(*(begin(config, listener) for _ in range(number)))
    announce()
    waiting = asyncio.create_task(stopping.wait())
    try:
        await asyncio.gather(*(keep(process, config, listener, waiting) for process in processes))
    finally:
        waiting.cancel()


async def keep(
    process: asyncio.subprocess.Process,
    config: WebConfig,
    listener: socket.socket,
    waiting: "asyncio.Task[Any]",
) -> None:
    while True:
        ending = asyncio.create_task(process.wait())
        await asyncio.wait([ending, waiting], return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            await end(process, ending)
            return
        replacement = await replace(config, listener, waiting)
        if replacement is None:
            return
        process = replacement


async def replace(
    config: WebConfig, listener: socket.socket, waiting: "asyncio.Task[Any]"
) -> asyncio.subprocess.Process | None:
    """Until it succeeds, since none can start while the database is away; None: told to stop."""
    while not waiting.done():
        beginning = asyncio.create_task(begin(config, listener))
        await asyncio.wait([beginning, waiting], return_when=asyncio.FIRST_COMPLETED)
        beginning.cancel()
        with suppress(StartupError, asyncio.CancelledError):
            return await beginning
        await asyncio.wait([waiting], timeout=AGAIN_SECONDS)
    return None


async def begin(config: WebConfig, listener: socket.socket) -> asyncio.subprocess.Process:
    """The child reads what it needs from its stdin, and ends when that ends: with this process."""
    process = await asyncio.create_subprocess_exec(
        *PYTHON,
        "-m",
        "bullpen.processes.web_supervisor",
        str(listener.fileno()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        pass_fds=[listener.fileno()],
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(msgspec.json.encode(config) + b"\n")
    ready = False
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(READY_SECONDS):
                ready = await process.stdout.readline() == READY
    finally:
        if not ready:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if not ready:
        raise StartupError("a web process could not start; the lines above say why")
    return process


async def end(process: asyncio.subprocess.Process, ending: "asyncio.Task[int]") -> None:
    assert process.stdin is not None
    process.stdin.close()
    _, unfinished = await asyncio.wait([ending], timeout=STOP_SECONDS)
    if unfinished:
        process.kill()
        await ending


def serve_as_child(descriptor: int) -> None:
    # The terminal's Ctrl-C reaches the parent, too, which then ends this process in its order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    given = b""
    while not given.endswith(b"\n"):
        part = os.read(0, 65536)
        if not part:
            return
        given += part
    config = msgspec.json.decode(given, type=WebConfig)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(run_child(config, socket.socket(fileno=descriptor)))


async def run_child(config: WebConfig, listener: socket.socket) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopping.set)

    def parent_gone() -> None:
        # Exits even if something hangs: a killed parent cannot end this process any more.
        signal.alarm(LAST_SECONDS)
        loop.remove_reader(0)
        stopping.set()

    def say_ready() -> None:
        with suppress(BrokenPipeError):
            os.write(1, READY)

    loop.add_reader(0, parent_gone)
    await run_web(config, listener, stopping, say_ready)


if __name__ == "__main__":
    serve_as_child(int(sys.argv[1]))
