"""An embedded Postgres of the benchmark's own, and servers on it."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from bullpen.kit.postgres import EmbeddedPostgres
from bullpen.migrations.run import migrate


def make_database(postgres: EmbeddedPostgres, name: str) -> str:
    postgres.create_database(name)
    url = postgres.url(name)
    asyncio.run(migrate(url))
    return url


@contextmanager
def server(url: str, workers: int, agents: str = "off") -> Iterator[int]:
    """Yields its port."""
    with server_process(url, workers, agents) as (port, _):
        yield port


@contextmanager
def server_process(
    url: str, workers: int, agents: str = "off", limits: Mapping[str, str] = MappingProxyType({})
) -> Iterator[tuple[int, int]]:
    """Yields its port and its process's id."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bullpen", "--port", "0", "--workers", str(workers)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ
        | {"DATABASE_URL": url, "DATABASE_URL_UNPOOLED": url, "BULLPEN_AGENTS": agents}
        | dict(limits),
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if match := re.search(r"ready at http://127\.0\.0\.1:(\d+)", line):
                yield int(match[1]), process.pid
                return
        raise SystemExit("the server did not start")
    finally:
        process.terminate()
        process.wait()
