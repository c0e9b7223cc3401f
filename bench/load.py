"""A load of requests over kept connections, as light as asyncio allows."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Result:
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def median_ms(self) -> float:
        return sorted(self.latencies)[len(self.latencies) // 2] * 1000


def get(next_path: Callable[[], str]) -> Callable[[], bytes]:
    def request() -> bytes:
        return f"GET {next_path()} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()

    return request


def post(path: str, next_body: Callable[[], object]) -> Callable[[], bytes]:
    def request() -> bytes:
        body = json.dumps(next_body()).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
        return head.encode() + b"Content-Type: application/json\r\n\r\n" + body

    return request


class Requester(asyncio.Protocol):
    """Sends one request after the other until the time is up."""

    def __init__(self, next_request: Callable[[], bytes], until: float, result: Result) -> None:
        self.next_request = next_request
        self.until = until
        self.result = result
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.begun = time.perf_counter()
        if self.begun >= self.until:
            self.transport.close()
            self.done.set_result(None)
            return
        self.received = 0
        self.expected = -1
        self.transport.write(self.next_request())

    def data_received(self, data: bytes) -> None:
        if self.expected < 0:
            head, separator, _ = data.partition(b"\r\n\r\n")
            assert separator, "the head of an answer comes in one piece"
            assert head.startswith(b"HTTP/1.1 20"), head
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            self.expected = len(head) + 4 + int(length)
        self.received += len(data)
        if self.received == self.expected:
            self.result.latencies.append(time.perf_counter() - self.begun)
            self.ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionResetError("the server closed the connection"))


async def load(
    port: int, connections: int, seconds: float, next_request: Callable[[], bytes]
) -> Result:
    result = Result(seconds)
    until = time.perf_counter() + seconds
    requesters = [Requester(next_request, until, result) for _ in range(connections)]
    loop = asyncio.get_running_loop()
    for requester in requesters:
        await loop.create_connection(lambda it=requester: it, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*(requester.done for requester in requesters))
    return result
