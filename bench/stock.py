"""A post to #general with agents on: the embedded Postgres, and Debian's as it comes."""

import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import httpx
from bench.place import server
from tests.support.catalog import fetch
from tests.support.fixtures import fill_template
from tests.support.plain import http_client
from tests.support.tools import debian_postgres

from bullpen.kit.postgres import EmbeddedPostgres

POSTS = 20


def stock(postgres: EmbeddedPostgres) -> None:
    postgres.create_database("bench_stock")
    with ExitStack() as kept:
        debian = kept.enter_context(debian_postgres())
        (version,) = fetch(debian, "SHOW server_version")[0]
        clients = {
            "embedded": kept.enter_context(serving(postgres.url("bench_stock"))),
            f"Debian's {version.split()[0]}": kept.enter_context(serving(debian)),
        }
        times: dict[str, list[float]] = {name: [] for name in clients}
        # Side by side, so that both see the same machine.
        for number in range(POSTS):
            for name, client in clients.items():
                times[name].append(post(client, f"Number {number}"))
    medians = {name: statistics.median(found) * 1000 for name, found in times.items()}
    for name, found in times.items():
        print(f"{name}: median {medians[name]:.1f} ms, slowest {max(found) * 1000:.1f} ms")
    embedded, other = medians.values()
    print(f"{POSTS} posts to #general with agents on: {other / embedded:.2f} times (target: 2)")


@contextmanager
def serving(url: str) -> Iterator[httpx.Client]:
    asyncio.run(fill_template(url))
    with (
        server(url, 1, agents="on") as port,
        closing(http_client(base_url=f"http://127.0.0.1:{port}", timeout=60)) as client,
    ):
        post(client, "The first one makes the plans.")
        yield client


def post(client: httpx.Client, text: str) -> float:
    begin = time.perf_counter()
    answer = client.post("/api/messages", json={"channelId": "general", "text": text})
    assert answer.status_code == 201, answer.text
    return time.perf_counter() - begin
