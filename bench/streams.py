"""From a message's answer to its arrival at the last of 1,000 open streams of one process."""

import asyncio
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import uvloop
from bench.data import CHANNELS, fill
from bench.place import make_database, server_process
from bench.posting import TEXT

from bullpen.kit.postgres import EmbeddedPostgres

STREAMS = 1000
WRITERS = 16
SECONDS = 60.0
# Of all writers together, a second. Each waits for its answer before it goes on.
RATE = 80.0


@dataclass
class Arrivals:
    """Frames by their place, which is the same in every stream."""

    counts: list[int] = field(default_factory=list)
    last: list[float] = field(default_factory=list)

    def note(self, place: int, now: float) -> None:
        while len(self.counts) <= place:
            self.counts.append(0)
            self.last.append(0.0)
        self.counts[place] += 1
        self.last[place] = now


class Stream(asyncio.Protocol):
    """Counts what ends with an empty line; one of them keeps what it got, too."""

    def __init__(self, request: bytes, arrivals: Arrivals, kept: bytearray | None) -> None:
        self.request = request
        self.arrivals = arrivals
        self.kept = kept
        self.seen = 0
        self.begun = False
        self.tail = b""
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        if self.request:
            self.transport.write(self.request)
        else:
            self.ready.set_result(None)

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        if self.kept is not None:
            self.kept += data
        frames = (self.tail + data).count(b"\n\n")
        self.tail = b"\n" if data.endswith(b"\n") and not data.endswith(b"\n\n") else b""
        if not self.ready.done():
            # Up to `hello`, which is nobody's message.
            if frames:
                self.ready.set_result(None)
            return
        for _ in range(frames):
            self.arrivals.note(self.seen, now)
            self.seen += 1


async def open_all(port: int, request: bytes) -> tuple[list[Stream], Arrivals, bytearray]:
    arrivals, kept = Arrivals(), bytearray()
    loop = asyncio.get_running_loop()
    streams = []
    for number in range(STREAMS):
        keeping = kept if number == 0 else None
        made = Stream(request, arrivals, keeping)
        await loop.create_connection(lambda it=made: it, "127.0.0.1", port)  # type: ignore[misc]
        await made.ready
        streams.append(made)
    kept.clear()
    return streams, arrivals, kept


async def write_for(seconds: float, write: Callable[[], Awaitable[None]]) -> None:
    end = time.perf_counter() + seconds

    async def writer() -> None:
        while time.perf_counter() < end:
            await asyncio.sleep(random.expovariate(RATE / WRITERS))
            await write()

    await asyncio.gather(*(writer() for _ in range(WRITERS)))


class Posting:
    """Posts over kept connections, and notes when each message was answered."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answered: dict[str, float] = {}
        self.free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def post(self) -> None:
        if self.free:
            reader, writer = self.free.pop()
        else:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        channel = f"channel-{random.randint(1, CHANNELS)}"
        body = json.dumps({"channelId": channel, "text": TEXT}).encode()
        head = f"POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
        writer.write(head.encode() + b"Content-Type: application/json\r\n\r\n" + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 201"), answer
        length = int(answer.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        message = json.loads(await reader.readexactly(length))
        self.answered[message["id"]] = time.perf_counter()
        self.free.append((reader, writer))


async def ours(port: int, server_pid: int) -> tuple[list[float], float, bytes]:
    """Delays in seconds, bytes of memory for each stream, and a frame as it came."""
    posting = Posting(port)
    await posting.post()
    await asyncio.sleep(1)
    before = memory(server_pid)
    request = b"GET /api/sse HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    streams, arrivals, kept = await open_all(port, request)
    each = (memory(server_pid) - before) / STREAMS
    posting.answered.clear()
    await write_for(SECONDS, posting.post)
    frames: list[bytes] = []
    deadline = time.perf_counter() + 30
    while time.perf_counter() < deadline:
        await asyncio.sleep(0.2)
        frames = bytes(kept).split(b"\n\n")[:-1]
        told = [f for f in frames if b'"message.created"' in f]
        if len(told) >= len(posting.answered) and min(s.seen for s in streams) >= len(frames):
            break
    ids = [json.loads(f.partition(b"data: ")[2]).get("message", {}).get("id") for f in frames
           if b"data: " in f]  # fmt: skip
    assert sorted(filter(None, ids)) == sorted(posting.answered), "missed or repeated"
    assert {stream.seen for stream in streams} == {len(frames)}, "missed or repeated"
    delays = []
    for place, part in enumerate(frames):
        if b'"message.created"' in part:
            message_id = json.loads(part.partition(b"data: ")[2])["message"]["id"]
            delays.append(max(arrivals.last[place] - posting.answered[message_id], 0.0))
    for stream in streams:
        stream.transport.close()
    sample = next(f for f in frames if b'"message.created"' in f) + b"\n\n"
    return delays, each, sample


async def bare(port: int, control: int, frame: bytes) -> list[float]:
    streams, arrivals, _ = await open_all(port, b"")
    _, writer = await asyncio.open_connection("127.0.0.1", control)
    # Until the last of them has been accepted, too.
    await asyncio.sleep(1)
    sent: list[float] = []

    async def write() -> None:
        sent.append(time.perf_counter())
        writer.write(frame)

    await write_for(SECONDS, write)
    await asyncio.sleep(2)
    assert {stream.seen for stream in streams} == {len(sent)}
    for stream in streams:
        stream.transport.close()
    return [last - at for last, at in zip(arrivals.last, sent, strict=True)]


def memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024


def p99(delays: list[float]) -> float:
    return sorted(delays)[int(len(delays) * 0.99)] * 1000


@contextmanager
def bare_server() -> Iterator[tuple[int, int]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.bare"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        readers, control = process.stdout.readline().split()
        yield int(readers), int(control)
    finally:
        process.kill()
        process.wait()


def streams(postgres: EmbeddedPostgres) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    url = make_database(postgres, "bench_streams")
    asyncio.run(fill(url, 20_000))
    with server_process(url, 1) as (port, pid):
        delays, each, frame = uvloop.run(ours(port, pid))
    with bare_server() as (readers, control):
        alone = uvloop.run(bare(readers, control, frame))
    rate = len(delays) / SECONDS
    print(f"{STREAMS:,} streams, {WRITERS} writers, {rate:.0f} messages a second, {SECONDS:.0f} s")
    print(f"None missed, none repeated; {each / 1024:.0f} kB of memory a stream")
    here, there = p99(delays), p99(alone)
    print(f"From the answer to the last stream: p99 {here:.1f} ms; a bare loop {there:.1f} ms")
    print(f"Streams beside a bare loop: {here / there:.2f} (target: at most 3.00)")
