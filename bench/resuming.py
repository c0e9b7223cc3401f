"""What 400 streams cost that resume over long messages and are not read: memory, and others' time.

Over a log of messages of 40,000 characters, of a kind that Postgres compresses well and one that
it does not.
"""

import asyncio
import contextlib
import json
import os
import resource
import socket
import time

import asyncpg
from bench.data import fill
from bench.place import make_database, server_process
from bench.streams import memory

from bullpen.kit.postgres import EmbeddedPostgres

STREAMS = int(os.environ.get("BENCH_STREAMS", "400"))
MESSAGES = 1500
MOST_BYTES = 200_000_000
SETTLED_SECONDS = 5.0
POST = """
SELECT count(*) FROM generate_series(1, $1) n, LATERAL post_messages(
    ARRAY[gen_random_uuid()], ARRAY['channel-1'], ARRAY[NULL::uuid], ARRAY['user-2'],
    ARRAY[CASE n % 2
        WHEN 0 THEN repeat('x', 40000)
        ELSE (SELECT left(string_agg(md5(random()::text || n || k), ''), 40000)
              FROM generate_series(1, 1250) k)
    END], ARRAY['{}'::json]
)
"""


async def write_messages(url: str) -> int:
    """The number of the newest event."""
    connection = await asyncpg.connect(url)
    try:
        for _ in range(MESSAGES // 50):
            await connection.execute(POST.replace("$1", "50"))
        return int(await connection.fetchval("SELECT max(id) FROM events"))
    finally:
        await connection.close()


def open_unread(port: int, after: int) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.connect(("127.0.0.1", port))
    made.sendall(f"GET /api/sse?lastEventId={after} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    return made


async def page(port: int) -> float:
    begun = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"GET /api/channels/channel-2/messages HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        b"Connection: close\r\n\r\n"
    )
    answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 200"), answer[:80]
    assert json.loads(answer.partition(b"\r\n\r\n")[2])
    writer.close()
    return time.perf_counter() - begun


async def measure(port: int, pid: int, newest: int) -> tuple[int, int, list[float]]:
    """The most that the server grew by, what was left after all were closed, pages' times."""
    await page(port)
    before = memory(pid)
    most, times = 0, []
    with contextlib.ExitStack() as stack:
        for _ in range(STREAMS):
            stack.enter_context(contextlib.closing(open_unread(port, newest - MESSAGES)))
        last_growth = time.perf_counter()
        while time.perf_counter() - last_growth < SETTLED_SECONDS:
            times.append(await page(port))
            if (now := memory(pid) - before) > most + 1_000_000:
                last_growth = time.perf_counter()
            most = max(most, now)
            await asyncio.sleep(0.05)
    await asyncio.sleep(2)
    return most, memory(pid) - before, times


def resuming(postgres: EmbeddedPostgres) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    url = make_database(postgres, "bench_resuming")
    asyncio.run(fill(url, 2_000))
    newest = asyncio.run(write_messages(url))
    with server_process(url, 1) as (port, pid):
        grown, left, times = asyncio.run(measure(port, pid, newest))
    print(f"{STREAMS} unread streams, each {MESSAGES:,} messages of 40,000 characters behind")
    print(f"The server grew by {grown / 1e6:.0f} MB (target: less than {MOST_BYTES / 1e6:.0f})")
    print(f"Two seconds after all were closed: {left / 1e6:.0f} MB more than before")
    times.sort()
    middle, worst = times[len(times) // 2] * 1000, times[-1] * 1000
    print(f"A page meanwhile: median {middle:.0f} ms, at most {worst:.0f} ms")
