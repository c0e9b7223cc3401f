"""Answers while they are written: how soon, what a token costs, and what kills leave behind."""

import asyncio
import os
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import cast

from bench.place import make_database
from tests.support.asking import post_in_turn
from tests.support.fixtures import fill_template
from tests.support.streaming import Processes, Provider, Window, question
from tests.support.streaming_kills import DMS, PREPARE, kill_while_streaming, until

from bullpen.kit.database import connect
from bullpen.kit.postgres import EmbeddedPostgres

STREAMS = 1000
ANSWERS = int(os.environ.get("BENCH_ANSWERS", "20"))
WORDS = 150
TOKEN_SECONDS, FIRST_SECONDS = 0.02, 0.3
KILLS = int(os.environ.get("BENCH_KILLS", "100"))
MOST_MS = 150.0
REQUEST = b"GET /api/sse HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


class Stream(asyncio.Protocol):
    """Notes when an answer's first words arrive."""

    def __init__(self) -> None:
        self.mark = b"nothing yet"
        self.arrived = 0.0
        self.is_open: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(REQUEST)

    def data_received(self, data: bytes) -> None:
        if not self.arrived and self.mark in data:
            self.arrived = time.perf_counter()
        if b'"hello"' in data and not self.is_open.done():
            self.is_open.set_result(None)


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def open_streams(port: int) -> list[Stream]:
    made = []
    loop = asyncio.get_running_loop()
    for _ in range(STREAMS):
        _, stream = await loop.create_connection(Stream, "127.0.0.1", port)
        await stream.is_open
        made.append(stream)
    return made


async def measure(url: str, folder: Path) -> tuple[list[float], list[float], dict[str, float]]:
    """Milliseconds to the first stream and to the last, and seconds of processor time a token."""
    connection = await connect(url, pooled=False)
    await connection.execute(PREPARE)
    place = (await connection.fetch(DMS))[0][0]
    first, last = [], []
    async with Provider(
        words=WORDS, seconds=TOKEN_SECONDS, first_seconds=FIRST_SECONDS
    ).serving() as provider:
        processes = Processes(url, provider.address, folder)
        processes.start("server")
        processes.start("worker")
        window = Window(processes.port)
        following = asyncio.create_task(window.follow())
        try:
            await window.open()
            streams = await open_streams(processes.port)
            before: dict[str, float] = {}
            # The first answer loads the provider's SDK, and counts for nothing.
            for number in range(1, ANSWERS + 2):
                for stream in streams:
                    stream.arrived, stream.mark = 0.0, f"Answer {number}:".encode()
                if number == 2:
                    provider.tokens = 0
                    before = costs(processes)
                await post_in_turn(connection, "michael", place, question(number))
                await until(
                    lambda n=number: len(window.sent.get(place, ())) == n,  # type: ignore[misc]
                    "an answer is missing",
                )
                if number > 1:
                    delays = [(s.arrived - provider.began[number]) * 1000 for s in streams]
                    first.append(min(delays))
                    last.append(max(delays))
            spent = {name: seconds - before[name] for name, seconds in costs(processes).items()}
            each = {name: seconds / provider.tokens for name, seconds in spent.items()}
        finally:
            following.cancel()
            await processes.stop()
            await connection.close()
    return first, last, each


def costs(processes: Processes) -> dict[str, float]:
    return {name: processor_seconds(made.pid) for name, made in processes.running.items()}


def streaming(postgres: EmbeddedPostgres) -> None:
    url = make_database(postgres, "bench_streaming")
    asyncio.run(fill_template(url))
    with tempfile.TemporaryDirectory() as folder:
        first, last, each = asyncio.run(measure(url, Path(folder)))
    print(
        f"First words of {len(first)} answers at {STREAMS:,} open streams, after the provider's"
        f" first token: at the first stream {statistics.median(first):.0f} ms, at the last one"
        f" {statistics.median(last):.0f} ms (median), {max(last):.0f} ms at worst"
        f" (at most {MOST_MS:.0f})"
    )
    for name, seconds in each.items():
        streams = f" with {STREAMS:,} streams" if name == "server" else ""
        print(f"Processor time of the {name}{streams}: {seconds * 1e6:,.0f} µs a token")
    if KILLS:
        url = make_database(postgres, "bench_streaming_kills")
        asyncio.run(fill_template(url))
        victims = [random.choice(("worker", "server")) for _ in range(KILLS)]
        begin = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            wrong = asyncio.run(kill_while_streaming(url, Path(folder), victims))
        print(
            f"{KILLS} SIGKILLs ({victims.count('worker')} of the worker) while answers were"
            f" written, in {time.monotonic() - begin:.0f} s:"
            f" {wrong or 'each message is there once, and no part of one stayed'}"
        )
