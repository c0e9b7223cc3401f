"""The server's side of a connection, with bounds on what a client may cost before it is known.

Uvicorn bounds neither the size of a request's head and trailers, nor the time that a client takes
for it, nor the number of connections.
"""

import asyncio
import ipaddress
import resource
from collections.abc import Iterable
from typing import Any, cast

import msgspec
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from bullpen.api.http.sources import IPAddress, is_trusted, network_of, read_address
from bullpen.api.http.uploads import is_file
from bullpen.kit.error_codes import ErrorCode

MOST_CONNECTIONS = 10_000
# One address may have a quarter of them: an office behind one address has room, and others do, too.
SHARE_OF_ONE = 4
# What a process has open besides: the database's connections, the listener, the log.
OTHER_FILES = 64
LARGEST_HEAD = 64 * 1024
MOST_HEADERS = 200
# From the opening of a connection to its first request. Browsers open some ahead.
FIRST_SECONDS = 30.0
# Of a request's head.
HEAD_SECONDS = 15.0
# Of a request's body; of a file, between two portions of it.
BODY_SECONDS = 60.0
# For a client that does not read what was sent to it.
UNREAD_SECONDS = 60.0

HEAD_TOO_LARGE = f"The request headers are too large. Send at most {LARGEST_HEAD:,} bytes."
TOO_SLOW = "The request did not arrive in time."
TRAILERS = "Send the request without trailers, which are not supported."
FULL = "Bullpen has no room for another connection. Try again in a moment."


class Connections:
    """Those of one process: how many there may be, of one address too, and which of them wait for
    a request. The connections of trusted proxies are those of many clients, so nothing but the
    whole bounds them."""

    def __init__(self, most: int, trusted: Iterable[str] = ()) -> None:
        self.most = most
        self.most_of_one = max(most // SHARE_OF_ONE, 1)
        self.trusted = tuple(ipaddress.ip_network(network) for network in trusted)
        self.open: set[Connection] = set()
        # In the order in which they were opened.
        self.by_network: dict[str, dict[Connection, None]] = {}
        # In the order in which they began to wait.
        self.waiting: dict[Connection, None] = {}

    def add(self, connection: "Connection") -> bool:
        """False where there is no room: the one that has waited longest makes some, if any does."""
        self.open.add(connection)
        connection.network = self.network_of(connection.client)
        if connection.network is not None:
            others = self.by_network.setdefault(connection.network, {})
            others[connection] = None
            if len(others) > self.most_of_one:
                return self.make_room(one for one in others if one in self.waiting)
        if len(self.open) <= self.most:
            return True
        return self.make_room(self.waiting)

    def make_room(self, waiting: "Iterable[Connection]") -> bool:
        oldest = next(iter(waiting), None)
        if oldest is not None:
            oldest.close_now()
        return oldest is not None

    def discard(self, connection: "Connection") -> None:
        self.open.discard(connection)
        self.waiting.pop(connection, None)
        if connection.network is not None:
            others = self.by_network.get(connection.network, {})
            others.pop(connection, None)
            if not others:
                self.by_network.pop(connection.network, None)

    def network_of(self, client: tuple[str, int] | None) -> str | None:
        """What one client is counted by. None: it stands for many, or is on this machine."""
        address = None if client is None else read_address(client[0])
        if address is None or is_local(address) or is_trusted(address, self.trusted):
            return None
        return network_of(address)


def is_local(address: IPAddress) -> bool:
    """What runs here may as well be a proxy that nobody has named."""
    return address.is_loopback


class Connection(HttpToolsProtocol):
    """`all_of` is set by a subclass, one a server."""

    all_of: Connections
    # What it is counted by, if it is.
    network: str | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._deadline: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        # Of the request that is arriving: what of it came besides its body.
        self._in_head = True
        self._begun = False
        self._extra = 0
        self._had_body = False
        self._is_file = False
        self._refused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast(asyncio.Transport, transport))
        if not self.all_of.add(self):
            self.refuse(ErrorCode.TOO_MANY_CONNECTIONS, FULL, b"retry-after: 5\r\n")
            return
        self._wait_for_request(FIRST_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self.all_of.discard(self)
        self._set_deadline(None)
        self._end_unread()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        if not self._begun:
            self._begun = True
            if self in self.all_of.waiting:
                del self.all_of.waiting[self]
                self.all_of.waiting[self] = None
            self._set_deadline(HEAD_SECONDS)
        self._had_body = False
        super().data_received(data)
        if self._refused or not self._begun:
            return
        self._extra = 0 if self._had_body else self._extra + len(data)
        if self._extra > LARGEST_HEAD:
            self.refuse(ErrorCode.HEADERS_TOO_LARGE, HEAD_TOO_LARGE)

    def on_message_begin(self) -> None:
        if self._refused:
            return
        super().on_message_begin()
        self._in_head = self._begun = True
        self._extra = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._refused:
            return
        if not self._in_head:
            # They come after the body, and nobody reads them.
            self.refuse(ErrorCode.MALFORMED_REQUEST, TRAILERS)
            return
        self._extra += len(name) + len(value)
        if self._extra > LARGEST_HEAD or len(self.headers) >= MOST_HEADERS:
            self.refuse(ErrorCode.HEADERS_TOO_LARGE, HEAD_TOO_LARGE)
            return
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        if self._refused:
            return
        self._in_head = False
        self._extra = 0
        self.all_of.waiting.pop(self, None)
        self._set_deadline(BODY_SECONDS)
        super().on_headers_complete()
        self._is_file = is_file(self.scope["method"], self.scope["path"])

    def on_body(self, body: bytes) -> None:
        if self._refused:
            return
        self._had_body = True
        if self._is_file:
            # However long it takes as a whole.
            self._set_deadline(BODY_SECONDS)
        super().on_body(body)

    def on_message_complete(self) -> None:
        if self._refused:
            return
        self._begun = False
        self._extra = 0
        self._set_deadline(None)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._begun and not self.pipeline and not self.transport.is_closing():
            self._wait_for_request(None)

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._unread is None:
            self._unread = self.loop.call_later(UNREAD_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        self._end_unread()
        super().resume_writing()

    def refuse(self, code: ErrorCode, text: str, header: bytes = b"") -> None:
        """Answers by itself, where nothing has been answered yet, and closes."""
        self._refused = True
        self._set_deadline(None)
        self.all_of.waiting.pop(self, None)
        if self.transport.is_closing():
            return
        body = msgspec.json.encode({"error": text, "code": code})
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            if self.cycle is not None and not self.cycle.response_complete:
                # The application answers nothing any more.
                self.cycle.disconnected = True
                self.cycle.message_event.set()
            self.transport.write(
                STATUS_LINE[code.status]
                + b"content-type: application/json\r\nconnection: close\r\n"
                + header
                + b"content-length: %d\r\n\r\n" % len(body)
                + body
            )
        self.transport.close()

    def close_now(self) -> None:
        """It waits for a request that may never come, and others wait for room."""
        self.all_of.discard(self)
        self._refused = True
        self.transport.abort()

    def _wait_for_request(self, seconds: float | None) -> None:
        self.all_of.waiting[self] = None
        self._set_deadline(seconds)

    def _set_deadline(self, seconds: float | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.loop.call_later(seconds, self._late)

    def _late(self) -> None:
        if self._begun:
            self.refuse(ErrorCode.REQUEST_TIMEOUT, TOO_SLOW)
        elif not self.transport.is_closing():
            self.transport.close()

    def _end_unread(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None


def room() -> int:
    """How many connections the system's limit on open files leaves room for."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return min(max(files - OTHER_FILES, files // 2), MOST_CONNECTIONS)


def protocol(most: int, trusted: Iterable[str] = ()) -> type[Connection]:
    """For the configuration of one server, which makes its connections from it."""
    return type("ServerConnection", (Connection,), {"all_of": Connections(most, trusted)})
