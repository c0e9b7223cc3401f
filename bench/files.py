"""What a file of 2 GB costs the server's memory, up and down, and what 1,000 downloads at once cost
those who post."""

import asyncio
import json
import os
import resource
import time
from collections.abc import Awaitable

from bench.data import fill
from bench.place import make_database, server_process
from bench.streams import memory

from bullpen.kit.postgres import EmbeddedPostgres

MEGABYTES = int(os.environ.get("BENCH_FILE_MEGABYTES", "2000"))
DOWNLOADS = int(os.environ.get("BENCH_DOWNLOADS", "1000"))
SHARED_MEGABYTES = 5
POSTS = 100
MOST_BYTES = 64_000_000
# Nothing that a disk or a database could make smaller.
PART = os.urandom(1_000_000)
LIMITS = {"BULLPEN_FILES_PER_MINUTE": "0", "BULLPEN_READS_PER_MINUTE": "0"}


async def upload(port: int, megabytes: int) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"POST /api/files?name=large.bin HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"Content-Length: {megabytes * len(PART)}\r\n\r\n".encode()
    )
    for _ in range(megabytes):
        writer.write(PART)
        await writer.drain()
    answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 201"), answer[:300]
    return str(json.loads(answer.partition(b"\r\n\r\n")[2])["id"])


async def download(port: int, file_id: str) -> int:
    """How many bytes of content came."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"GET /api/files/{file_id} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Connection: close\r\n\r\n".encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    received = 0
    while part := await reader.read(65_536):
        received += len(part)
    writer.close()
    return received


async def watched(pid: int, work: Awaitable[object]) -> tuple[float, int]:
    """How long it took, and the most that the server grew by meanwhile."""
    before = most = memory(pid)
    begun = time.perf_counter()
    task = asyncio.ensure_future(work)
    while not task.done():
        await asyncio.wait([task], timeout=0.1)
        most = max(most, memory(pid))
    await task
    return time.perf_counter() - begun, most - before


async def post(port: int) -> float:
    begun = time.perf_counter()
    body = json.dumps({"channelId": "channel-1", "text": "Hello"}).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 201"), answer[:300]
    return time.perf_counter() - begun


async def median_post(port: int) -> float:
    times = sorted([await post(port) for _ in range(POSTS)])
    return times[len(times) // 2]


async def measure(port: int, pid: int) -> None:
    small = await upload(port, SHARED_MEGABYTES)
    await download(port, small)
    taken, grown = await watched(pid, large := asyncio.ensure_future(upload(port, MEGABYTES)))
    print(f"Upload of {MEGABYTES:,} MB: {taken:.0f} s, the server grew by {grown / 1e6:.0f} MB")
    assert grown < MOST_BYTES
    taken, grown = await watched(pid, got := asyncio.ensure_future(download(port, large.result())))
    assert got.result() == MEGABYTES * len(PART)
    print(f"Download of it: {taken:.0f} s, the server grew by {grown / 1e6:.0f} MB")
    assert grown < MOST_BYTES
    alone = await median_post(port)
    downloads = [asyncio.create_task(download(port, small)) for _ in range(DOWNLOADS)]
    await asyncio.sleep(1)
    beside = await median_post(port)
    left = sum(not task.done() for task in downloads)
    received = await asyncio.gather(*downloads)
    assert set(received) == {SHARED_MEGABYTES * len(PART)}
    print(
        f"A post takes {alone * 1000:.1f} ms alone and {beside * 1000:.1f} ms beside"
        f" {DOWNLOADS:,} downloads ({left} of them still under way): ratio {beside / alone:.2f}"
    )


def files(postgres: EmbeddedPostgres) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    url = make_database(postgres, "bench_files")
    asyncio.run(fill(url, 200))
    with server_process(url, 1, limits=LIMITS) as (port, pid):
        asyncio.run(measure(port, pid))
