"""Several web processes on one socket, under a parent that replaces those that die."""

import asyncio
import socket
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any

import msgspec

from bullpen.kit.errors import StartupError
from bullpen.processes.child import READY
from bullpen.processes.children import Child, Children, end
from bullpen.processes.process_config import WebConfig

READY_SECONDS = 30
AGAIN_SECONDS = 1
STOP_SECONDS = 1.2
Start = Callable[[], Coroutine[Any, Any, Child]]


async def run_processes(
    number: int,
    config: WebConfig,
    listener: socket.socket,
    children: Children,
    stopping: asyncio.Event,
    announce: Callable[[], Any],
) -> None:
    if sys.platform == "win32":
        raise StartupError("several web processes are not supported on Windows: use --workers 1")
    start = partial(begin, config, listener, children)
    processes = await asyncio.gather(*(start() for _ in range(number)))
    announce()
    waiting = asyncio.create_task(stopping.wait())
    try:
        await asyncio.gather(*(keep(process, start, waiting) for process in processes))
    finally:
        waiting.cancel()


async def begin(config: WebConfig, listener: socket.socket, children: Children) -> Child:
    child = await children.start("web", [listener.fileno()], to_be_heard=True)
    child.tell(msgspec.json.encode(config) + b"\n")
    ready = False
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(READY_SECONDS):
                ready = await child.heard() == READY
    finally:
        if not ready:
            child.kill()
            await child.ended
    if not ready:
        raise StartupError("a web process could not start; the lines above say why")
    return child


async def keep(child: Child, start: Start, waiting: "asyncio.Task[Any]") -> None:
    while True:
        await asyncio.wait([child.ended, waiting], return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            await end(child, STOP_SECONDS)
            return
        replacement = await replace(start, waiting)
        if replacement is None:
            return
        child = replacement


async def replace(start: Start, waiting: "asyncio.Task[Any]") -> Child | None:
    """Until it succeeds, since none can start while the database is away; None: told to stop."""
    while not waiting.done():
        beginning = asyncio.create_task(start())
        await asyncio.wait([beginning, waiting], return_when=asyncio.FIRST_COMPLETED)
        beginning.cancel()
        with suppress(StartupError, asyncio.CancelledError):
            return await beginning
        await asyncio.wait([waiting], timeout=AGAIN_SECONDS)
    return None
