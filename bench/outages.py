"""Kills of the server at random moments under load: what is lost, and what is repeated."""

import asyncio
import json
import os
import random
import resource
import socket
import subprocess
import sys
from array import array
from collections.abc import Sequence
from contextlib import suppress
from uuid import uuid4

import asyncpg
import uvloop
from bench.data import CHANNELS, fill
from bench.place import make_database
from tests.support.streams import frames

from bullpen.kit.postgres import EmbeddedPostgres

KILLS = 100
STREAMS = 1000
WRITERS = 16
# Of all writers together, a second, while there is a server.
RATE = 80.0
LOST = (OSError, asyncio.IncompleteReadError)
TOLD = """
SELECT id, payload -> 'message' ->> 'id' AS message_id, channel_id FROM events
WHERE kind = 'message.created' AND id > $1 ORDER BY id
"""


class Stream:
    """Comes back with the last number it had, like a browser."""

    def __init__(self, port: int, last: int) -> None:
        self.port = port
        self.last = last
        self.told = array("q")
        self.resumed = -1

    async def follow(self) -> None:
        while True:
            with suppress(*LOST):
                await self.read()
            await asyncio.sleep(random.uniform(0.05, 0.5))

    async def read(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(
                b"GET /api/sse HTTP/1.1\r\nHost: 127.0.0.1\r\nLast-Event-ID: %d\r\n\r\n" % self.last
            )
            await reader.readuntil(b"\r\n\r\n")
            self.resumed += 1
            async for frame in frames(reader):
                self.take(frame)
        finally:
            writer.close()

    def take(self, frame: bytes) -> None:
        at = frame.find(b"id: ")
        if at < 0:
            return
        number = int(frame[at + 4 : frame.find(b"\n", at) if b"\n" in frame[at:] else None])
        if b'"type":"message.created"' in frame:
            self.told.append(number)
        self.last = number


class Writer:
    """Sends each message until it is answered."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.acknowledged: list[str] = []
        self.repeated = 0

    async def write(self, over: asyncio.Event) -> None:
        while not over.is_set():
            await asyncio.sleep(random.expovariate(RATE / WRITERS))
            await self.send(str(uuid4()))

    async def send(self, message_id: str) -> None:
        channel = f"channel-{random.randint(1, CHANNELS)}"
        body = json.dumps({"id": message_id, "channelId": channel, "text": message_id}).encode()
        while True:
            with suppress(*LOST):
                status, _ = await request(self.port, b"POST /api/messages", body)
                assert status in (b"201", b"200"), status
                self.repeated += status == b"200"
                self.acknowledged.append(message_id)
                return
            await asyncio.sleep(0.05)


async def first_number(port: int) -> int:
    while True:
        with suppress(*LOST):
            head = (await request(port, b"GET /api/unreads", b""))[1].lower()
            return int(head.partition(b"x-event-id: ")[2].partition(b"\r\n")[0])
        await asyncio.sleep(0.1)


async def request(port: int, what: bytes, body: bytes) -> tuple[bytes, bytes]:
    """The status, and the head of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        head = b"%s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" % what
        kind = b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        writer.write(head + kind + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        return answer.split()[1], answer
    finally:
        writer.close()


class Server:
    def __init__(self, url: str, port: int) -> None:
        given = {"DATABASE_URL": url, "BULLPEN_PORT": str(port), "BULLPEN_AGENTS": "off"}
        self.environment = os.environ | given
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bullpen"], stdout=subprocess.DEVNULL, env=self.environment
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


async def work(url: str, port: int) -> None:
    database = await asyncpg.connect(url)
    server = Server(url, port)
    begun = await first_number(port)
    streams = [Stream(port, begun) for _ in range(STREAMS)]
    writers = [Writer(port) for _ in range(WRITERS)]
    over = asyncio.Event()
    following = [asyncio.create_task(stream.follow()) for stream in streams]
    writing = [asyncio.create_task(writer.write(over)) for writer in writers]
    for _ in range(KILLS):
        await answered(writers, random.randint(1, 60))
        server.kill()
        server.start()
    await answered(writers, 100)
    over.set()
    await asyncio.gather(*writing)
    rows = await database.fetch(TOLD, begun)
    numbers = array("q", (row["id"] for row in rows))
    with suppress(TimeoutError):
        await asyncio.wait_for(caught_up(streams, len(numbers)), 120)
    for task in following:
        task.cancel()
    server.process.terminate()
    server.process.wait()
    await report(database, streams, writers, rows)
    await database.close()


async def caught_up(streams: Sequence[Stream], number: int) -> None:
    for stream in streams:
        while len(stream.told) < number:  # noqa: ASYNC110 - whatever ends it, it looks again
            await asyncio.sleep(0.2)


async def answered(writers: Sequence[Writer], more: int) -> None:
    """Until so many more messages are acknowledged: the kill comes in the midst of others."""
    known = sum(len(writer.acknowledged) for writer in writers)
    while sum(len(w.acknowledged) for w in writers) < known + more:  # noqa: ASYNC110 - as above
        await asyncio.sleep(random.uniform(0.001, 0.01))


async def report(
    database: asyncpg.Connection,
    streams: Sequence[Stream],
    writers: Sequence[Writer],
    rows: Sequence[asyncpg.Record],
) -> None:
    acknowledged = [message_id for writer in writers for message_id in writer.acknowledged]
    stored = "SELECT id::text FROM messages WHERE text = id::text ORDER BY created_at, id"
    messages = [row[0] for row in await database.fetch(stored)]
    numbers = array("q", (row["id"] for row in rows))
    assert sorted(messages) == sorted(acknowledged), "lost or repeated"
    assert messages == [row["message_id"] for row in rows], "the log tells another order"
    assert all(stream.told == numbers for stream in streams), "a stream missed or repeated"
    repeated = sum(writer.repeated for writer in writers)
    resumed = sum(stream.resumed for stream in streams)
    print(f"{KILLS} kills, {STREAMS:,} streams, {WRITERS} writers, {len(messages):,} messages:")
    print(f"each is there once; {repeated} were sent again after they had been stored")
    print(f"{resumed:,} resumptions; every stream told every message once, in the log's order")


def outages(postgres: EmbeddedPostgres) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    url = make_database(postgres, "bench_outages")
    asyncio.run(fill(url, 2_000))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    uvloop.run(work(url, port))
