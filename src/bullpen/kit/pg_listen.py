"""Receives the notifications of the database, for as long as it can be reached."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import asyncpg

from bullpen.kit.database import GONE, connect

AGAIN_SECONDS = 0.5


async def listen(
    url: str, channel: str, hear: Callable[[str], None], set_listening: Callable[[bool], None]
) -> None:
    """`set_listening`: called with whether notifications arrive from now on."""
    while True:
        with contextlib.suppress(*GONE, asyncpg.PostgresError):
            await listen_once(url, channel, hear, set_listening)
        set_listening(False)
        await asyncio.sleep(AGAIN_SECONDS)


async def listen_once(
    url: str, channel: str, hear: Callable[[str], None], set_listening: Callable[[bool], None]
) -> None:
    connection = await connect(url, pooled=True)
    lost = asyncio.Event()

    def heard(_: Any, __: int, ___: str, payload: object) -> None:
        hear(str(payload))

    try:
        connection.add_termination_listener(lambda _: lost.set())
        await connection.add_listener(channel, heard)
        set_listening(True)
        await lost.wait()
    finally:
        connection.terminate()
