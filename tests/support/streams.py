"""A stream of events as a browser keeps one, read by a thread beside the test."""

import asyncio
import json
import queue
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from tests.support.plain import http_client

SECONDS = 20.0
Event = dict[str, Any]


async def frames(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """The frames of a stream that is read over a plain socket, after the head of the response."""
    rest = b""
    while data := await reader.read(65536):
        *whole, rest = (rest + data).split(b"\n\n")
        for frame in whole:
            yield frame


class Listening:
    """`last` is what a browser would resume with."""

    def __init__(self, client: httpx.Client, after: int | None) -> None:
        self.last = after
        self.beats = 0
        self._client = client
        self._got: queue.Queue[Event | BaseException | None] = queue.Queue()
        self._open = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        assert self._open.wait(SECONDS)

    def _read(self) -> None:
        headers = {} if self.last is None else {"Last-Event-ID": str(self.last)}
        try:
            with self._client.stream("GET", "/api/sse", headers=headers) as answer:
                self.response = answer
                self._open.set()
                assert answer.status_code == 200, answer.read()
                fields: dict[str, str] = {}
                for line in answer.iter_lines():
                    if line:
                        name, _, value = line.partition(":")
                        fields[name] = value.removeprefix(" ")
                        continue
                    self.last = int(fields["id"])
                    if "data" in fields:
                        self._got.put(json.loads(fields["data"]) | {"id": self.last})
                    else:
                        self.beats += 1
                    fields = {}
            self._got.put(None)
        except BaseException as problem:  # noqa: BLE001 - the test's thread raises it again
            self._got.put(problem)
        finally:
            self._open.set()

    def next(self) -> Event | None:
        """None: the server has ended it."""
        got = self._got.get(timeout=SECONDS)
        if isinstance(got, BaseException):
            raise got
        return got

    def until(self, kind: str) -> list[Event]:
        """Everything up to the first of a kind, and that."""
        found: list[Event] = []
        while not found or found[-1]["type"] != kind:
            event = self.next()
            assert event is not None, f"it ended before {kind}: {found}"
            found.append(event)
        return found

    def rest(self) -> list[Event]:
        """What still arrives before the server ends it."""
        return list(iter(self.next, None))

    def none_so_far(self) -> bool:
        return self._got.empty()

    def close(self) -> None:
        # The thread waits in a read that only the end of the socket ends.
        for connection in self._client._transport._pool.connections:  # type: ignore[attr-defined]
            stream = getattr(connection._connection, "_network_stream", None)
            if stream is not None:
                stream.get_extra_info("socket").shutdown(2)
        self._thread.join(SECONDS)
        assert not self._thread.is_alive()


def begin(client: httpx.Client, after: int | None) -> Listening:
    made = Listening(client, after)
    first = made.next()
    assert first is not None
    assert first["type"] == "hello"
    return made


def newest_event(client: httpx.Client) -> int:
    """As the database has it; most answers say how far the server has heard."""
    return int(client.get("/api/unreads").headers.get("x-event-id", 0))


@contextmanager
def listening(client: httpx.Client, after: int | None = None) -> Iterator[Listening]:
    """Yields after `hello`. Without `after`, what was there before is not told any more."""
    # A client of its own: the connection is the stream's alone.
    own = http_client(base_url=client.base_url, cookies=client.cookies, timeout=SECONDS)
    newest = 0 if after is not None else newest_event(own)
    made = begin(own, after)
    while made.last is not None and made.last < newest:
        # The server had not heard of it yet.
        made.close()
        made = begin(own, after)
    try:
        yield made
    finally:
        made.close()
        own.close()
