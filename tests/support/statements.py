"""Statements that tests run, over one connection a database, which stays open between them.

To connect takes longer than nearly every statement, and a new session has to read the catalog
and compile the functions before it is as quick as an old one.
"""

from concurrent.futures import ThreadPoolExecutor

import asyncpg
from tests.support.loops import new_runner

from bullpen.kit.database import connect


class Statements:
    """Used by one test at a time; its event loop has a thread of its own, since a browser that is
    open has the loop of the test's thread."""

    def __init__(self) -> None:
        self._connections: dict[str, asyncpg.Connection] = {}
        self._thread = ThreadPoolExecutor(1)
        self._runner = new_runner()

    def fetch(self, url: str, sql: str, *args: object) -> list[asyncpg.Record]:
        return self._thread.submit(self._runner.run, self._fetch(url, sql, *args)).result()

    def forget(self, url: str) -> None:
        """Before the database goes away."""
        if url in self._connections:
            self._thread.submit(self._runner.run, self._connections.pop(url).close()).result()

    def close(self) -> None:
        for url in list(self._connections):
            self.forget(url)
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()

    async def _fetch(self, url: str, sql: str, *args: object) -> list[asyncpg.Record]:
        connection = self._connections.get(url)
        if connection is None or connection.is_closed():
            connection = self._connections[url] = await connect(url, pooled=False)
        return await connection.fetch(sql, *args)
