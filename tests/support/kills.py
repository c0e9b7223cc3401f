"""Workers that are killed at random moments while people write: what must hold afterwards."""

import asyncio
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import asyncpg
from tests.support.asking import post_in_turn
from tests.support.program import Process, start

from bullpen.kit.database import connect

WRITERS = 2
BETWEEN_KILLS = 10
SECONDS = 120

# Each with what it would mean if it had a row.
BROKEN = {
    "a run did not settle": """
        SELECT r.id FROM runs r JOIN run_details d ON d.run_id = r.id
        WHERE r.status IN ('created', 'running')
    """,
    "something settled is still in the mailbox": "SELECT run_id FROM mailbox",
    "a message was answered by nobody": """
        SELECT m.id FROM messages m WHERE m.text LIKE 'load %'
        AND NOT EXISTS (SELECT FROM run_triggers t WHERE t.message_id = m.id)
    """,
    "a run said something twice": """
        SELECT p.run_id FROM run_posts p LEFT JOIN run_notices n ON n.message_id = p.message_id
        WHERE n.message_id IS NULL GROUP BY p.run_id HAVING count(*) > (
            SELECT count(*) FROM run_messages m WHERE m.run_id = p.run_id
            AND m.message_type = 'tool_return_message' AND m.tool_name = 'send_message'
            AND m.content NOT LIKE 'Error%'
        ) OR count(*) > 1
    """,
    "an agent had two runs at once": """
        SELECT a.id FROM runs a JOIN runs b ON b.agent_id = a.agent_id AND b.id <> a.id
            AND b.started_at > a.started_at AND b.started_at < a.completed_at
        JOIN run_details d ON d.run_id = a.id JOIN run_details e ON e.run_id = b.id
    """,
    "two spoke at once in one conversation": """
        SELECT a.id FROM runs a JOIN run_details d ON d.run_id = a.id
        JOIN runs b ON b.channel_id = a.channel_id AND b.id <> a.id
            AND b.started_at > a.started_at AND b.started_at < a.completed_at
        JOIN run_details e ON e.run_id = b.id AND e.thread_id IS NOT DISTINCT FROM d.thread_id
    """,
    "an agent's runs were out of order": """
        SELECT a.id FROM runs a JOIN runs b ON b.agent_id = a.agent_id
            AND b.channel_id = a.channel_id AND b.created_at > a.created_at
            AND b.started_at < a.started_at
        JOIN run_details d ON d.run_id = a.id JOIN run_details e ON e.run_id = b.id
            AND e.thread_id IS NOT DISTINCT FROM d.thread_id AND e.kind = d.kind
        JOIN channels c ON c.id = a.channel_id AND c.kind <> 'dm'
    """,
    "a step was left open": """
        SELECT s.id FROM run_steps s WHERE s.status = 'running'
    """,
    "something stayed reserved": "SELECT id FROM spending WHERE reserved_usd > 0",
}


class Workers:
    def __init__(self, url: str, folder: Path, number: int, log: Path) -> None:
        self._url = url
        self._folder = folder
        self._log = log.open("w")
        self._running = [self._start() for _ in range(number)]
        self.killed = 0

    def _start(self) -> Process:
        given = {"DATABASE_URL": self._url, "BULLPEN_AGENTS": "on"}
        return start("worker", cwd=self._folder, log=self._log, **given)

    def kill_one(self) -> None:
        place = random.randrange(len(self._running))
        self._running[place].send_signal(signal.SIGKILL)
        self._running[place].wait()
        self._running[place] = self._start()
        self.killed += 1

    def stop(self) -> None:
        for process in self._running:
            process.terminate()
        for process in self._running:
            process.wait(10)
        self._log.close()


async def write(url: str, until: Callable[[], bool], every: float, written: list[str]) -> None:
    """Messages in every channel, by its members."""
    connection: asyncpg.Connection = await connect(url, pooled=False)
    try:
        places = await connection.fetch("SELECT channel_id, user_id FROM channel_members")
        while not until():
            channel_id, user_id = random.choice(places)
            text = f"load {len(written)}"
            await post_in_turn(connection, user_id, channel_id, text)
            written.append(text)
            await asyncio.sleep(every)
    finally:
        await connection.close()


async def settle(url: str, seconds: float) -> None:
    connection = await connect(url, pooled=False)
    try:
        deadline = time.monotonic() + seconds
        while await connection.fetchval("SELECT count(*) FROM mailbox"):
            assert time.monotonic() < deadline, "the mailbox did not empty"
            await asyncio.sleep(0.1)
    finally:
        await connection.close()


async def broken(url: str) -> dict[str, int]:
    connection = await connect(url, pooled=False)
    try:
        found = {what: len(await connection.fetch(sql)) for what, sql in BROKEN.items()}
        return {what: number for what, number in found.items() if number}
    finally:
        await connection.close()


async def reached(written: list[str], number: int) -> None:
    """So that a kill comes under load, however slow the machine is."""
    deadline = time.monotonic() + SECONDS
    while len(written) < number:
        assert time.monotonic() < deadline, "nothing was written"
        await asyncio.sleep(0.02)


async def kill_under_load(
    url: str, folder: Path, *, kills: int, workers: int, pause: tuple[float, float]
) -> tuple[int, dict[str, int]]:
    """How many messages were written, and what does not hold."""
    running = Workers(url, folder, workers, folder / "workers.log")
    over = False
    written: list[str] = []

    async def kill() -> None:
        nonlocal over
        for kill in range(1, kills + 1):
            await asyncio.sleep(random.uniform(*pause))
            await reached(written, kill * BETWEEN_KILLS)
            await asyncio.to_thread(running.kill_one)
        over = True

    try:
        await asyncio.gather(
            kill(), *(write(url, lambda: over, 0.05, written) for _ in range(WRITERS))
        )
        await settle(url, SECONDS)
    finally:
        await asyncio.to_thread(running.stop)
    return len(written), await broken(url)
