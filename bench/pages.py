"""The page of 50 messages: rate beside pgbench, latency beside a smaller workspace."""

import asyncio
import random
import re
import subprocess
import tempfile
from pathlib import Path

from bench.data import CHANNELS, fill
from bench.load import Result, get, load
from bench.place import make_database, server

from bullpen.chat.message_sql import channel_page
from bullpen.kit.pagination import Window
from bullpen.kit.postgres import EmbeddedPostgres
from bullpen.kit.postgres.binaries import find

CONNECTIONS = 16
SECONDS = 10
SQL = channel_page(Window(50))


def next_path() -> str:
    return f"/api/channels/channel-{random.randint(1, CHANNELS)}/messages"


def pgbench(url: str, seconds: int, sql: str) -> float:
    """Transactions a second of a statement, prepared, at as many connections; $2: a channel."""
    script = sql.replace("$1", "'user-1'").replace("$2", "('channel-' || :number::text)")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "script.sql"
        file.write_text(f"\\set number random(1, {CHANNELS})\n{script.strip()};\n")
        options = ["--no-vacuum", "--protocol=prepared", "--jobs=2", f"--client={CONNECTIONS}"]
        done = subprocess.run(
            [find().program("pgbench"), *options, f"--time={seconds}", f"--file={file}", url],
            capture_output=True,
            text=True,
            check=True,
        )
    match = re.search(r"tps = ([\d.]+)", done.stdout)
    assert match is not None, done.stdout
    return float(match[1])


def rates(postgres: EmbeddedPostgres) -> None:
    url = make_database(postgres, "bench_rate")
    asyncio.run(fill(url, 200_000))
    print("The page's SQL ($1: the actor, $2: the channel):", SQL)
    ratios = []
    for _ in range(3):
        alone = pgbench(url, SECONDS, SQL)
        with server(url, 2) as port:
            asyncio.run(load(port, CONNECTIONS, 2, get(next_path)))
            ours = asyncio.run(load(port, CONNECTIONS, SECONDS, get(next_path))).rate
        ratios.append(ours / alone)
        rates = f"pgbench alone {alone:,.0f}/s, Bullpen (2 processes) {ours:,.0f}/s"
        print(f"{rates}: {ours / alone:.2f}")
    print(f"Pages a second as a share of pgbench: {sorted(ratios)[1]:.2f} (target: at least 0.60)")


def latencies(postgres: EmbeddedPostgres) -> None:
    urls = {size: make_database(postgres, f"bench_{size}") for size in (20_000, 2_000_000)}
    for size, url in urls.items():
        asyncio.run(fill(url, size))
    medians: dict[int, list[float]] = {size: [] for size in urls}
    for _ in range(3):
        for size, url in urls.items():
            with server(url, 1) as port:
                asyncio.run(load(port, 1, 2, get(next_path)))
                result: Result = asyncio.run(load(port, 1, 5, get(next_path)))
                medians[size].append(result.median_ms)
    small, large = (sorted(medians[size])[1] for size in urls)
    print(
        f"A page's median latency: {small:.2f} ms of 20,000, {large:.2f} ms of 2,000,000 messages"
    )
    print(f"Latency ratio: {large / small:.2f} (target: at most 1.30)")
