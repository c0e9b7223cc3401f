"""The worker that belongs to a server: a process of its own, replaced when it dies."""

import asyncio
import secrets

import msgspec

from bullpen.processes.children import Children, end
from bullpen.processes.process_config import WorkerConfig

AGAIN_SECONDS = 1
STOP_SECONDS = 1.5


async def keep_worker(
    config: WorkerConfig, children: Children, prepared: asyncio.Event, stopping: asyncio.Event
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
            # The program may still be loading.
            starting = asyncio.create_task(children.start("worker"))
            await asyncio.wait([starting, waiting], return_when=asyncio.FIRST_COMPLETED)
            if not starting.done():
                starting.cancel()
                break
            worker = await starting
            worker.tell(msgspec.json.encode(named) + b"\n")
            try:
                await asyncio.wait([worker.ended, waiting], return_when=asyncio.FIRST_COMPLETED)
            finally:
                if not worker.ended.done():
                    await end(worker, STOP_SECONDS)
            await asyncio.wait([waiting], timeout=AGAIN_SECONDS)
    finally:
        ready.cancel()
        waiting.cancel()
