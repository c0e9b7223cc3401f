"""The worker that belongs to a server: a process of its own, replaced when it dies."""

import asyncio
import secrets
import sys
from contextlib import suppress
from typing import Any

import msgspec

from bullpen.processes.process_config import WorkerConfig

# Without the current folder among the places where modules are looked for.
PYTHON = (sys.executable, "-P")
AGAIN_SECONDS = 1
STOP_SECONDS = 1.5


async def keep_worker(
    config: WorkerConfig, prepared: asyncio.Event, stopping: asyncio.Event
) -> None:
    """Starts the worker again until it is to stop: agents answer as long as the server serves.

    It begins beside the server, as soon as the database is prepared, so that the first
    messages are answered at once.
    """
    waiting = asyncio.create_task(stopping.wait())
    ready = asyncio.create_task(prepared.wait())
    try:
        await asyncio.wait([ready, waiting], return_when=asyncio.FIRST_COMPLETED)
        former = None
        while not waiting.done():
            named = msgspec.structs.replace(config, name=secrets.token_hex(8), former=former)
            former = named.name
            process = await begin(named)
            await end_with(process, waiting)
            await asyncio.wait([waiting], timeout=AGAIN_SECONDS)
    finally:
        ready.cancel()
        waiting.cancel()


async def begin(config: WorkerConfig) -> asyncio.subprocess.Process:
    """The child reads what it needs from its stdin, and ends when that ends: with this process."""
    process = await asyncio.create_subprocess_exec(
        *PYTHON, "-m", "bullpen.processes.worker_main", stdin=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    with suppress(BrokenPipeError):
        process.stdin.write(msgspec.json.encode(config) + b"\n")
    return process


async def end_with(process: asyncio.subprocess.Process, waiting: "asyncio.Task[Any]") -> None:
    ending = asyncio.create_task(process.wait())
    try:
        await asyncio.wait([ending, waiting], return_when=asyncio.FIRST_COMPLETED)
    finally:
        if not ending.done():
            assert process.stdin is not None
            process.stdin.close()
            _, unfinished = await asyncio.wait([ending], timeout=STOP_SECONDS)
            if unfinished:
                process.kill()
                await ending
