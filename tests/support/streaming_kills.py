"""Kills the worker or the server while answers are written: each is sent once, no part stays."""

import asyncio
import random
import time
from collections.abc import Callable
from pathlib import Path

from tests.support.asking import post_in_turn
from tests.support.streaming import Processes, Provider, Window, answer, question

from bullpen.kit.database import connect

SECONDS = 90.0
DMS = """
SELECT c.id FROM channels c JOIN channel_members m ON m.channel_id = c.id
WHERE c.kind = 'dm' AND m.user_id = 'michael' ORDER BY c.id LIMIT 3
"""
PREPARE = "UPDATE scheduled_messages SET status = 'cancelled' WHERE status = 'pending'"
SENT = "SELECT channel_id, text FROM messages WHERE text LIKE 'Answer%'"


async def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, what
        await asyncio.sleep(0.02)


async def kill_while_streaming(url: str, folder: Path, victims: list[str]) -> list[str]:
    """What is wrong afterwards."""
    connection = await connect(url, pooled=False)
    await connection.execute(PREPARE)
    places = [row[0] for row in await connection.fetch(DMS)]
    expected: dict[str, list[str]] = {place: [] for place in places}
    wrong: list[str] = []
    async with Provider().serving() as provider:
        processes = Processes(url, provider.address, folder)
        processes.start("server")
        processes.start("worker")
        window = Window(processes.port)
        following = asyncio.create_task(window.follow())
        try:
            number = 0
            for victim in victims:
                await window.open()
                for place in places:
                    number += 1
                    await post_in_turn(connection, "michael", place, question(number))
                    expected[place].append("".join(answer(number)))
                await until(lambda: bool(window.shown), "nothing was shown")
                await asyncio.sleep(random.uniform(0, 0.4))
                await processes.kill(victim)
                await settled(window, expected)
                wrong += [f"{victim}: {one}" for one in window.wrong]
                window.wrong.clear()
        finally:
            following.cancel()
            await processes.stop()
    stored: dict[str, list[str]] = {place: [] for place in places}
    for place, text in await connection.fetch(SENT + " ORDER BY created_at, id"):
        stored[place].append(text)
    await connection.close()
    wrong += [f"{p}: {stored[p]}" for p in places if stored[p] != expected[p]]
    return wrong


async def settled(window: Window, expected: dict[str, list[str]]) -> None:
    """Each message is there, once, and nothing that is half."""
    await until(lambda: window.sent == expected, "an answer is not there once")
    await until(lambda: not window.shown, "a part of an answer is still shown")
