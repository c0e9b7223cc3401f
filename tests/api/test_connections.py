"""What a connection may cost before it is known who is at its other end."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from urllib.parse import urlsplit

import pytest
from tests.support.program import until
from tests.support.serving import Served, serving

from bullpen.api.http import connections

HEAD = b"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\n"
POST = b"POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
PART = b"x" * 8_000
Connect = Callable[[], socket.socket]


@pytest.fixture
def served(shared_url: str, monkeypatch) -> Iterator[Served]:
    for name in ("FIRST_SECONDS", "HEAD_SECONDS", "BODY_SECONDS", "UNREAD_SECONDS"):
        monkeypatch.setattr(connections, name, 0.3)
    monkeypatch.setattr(connections, "room", lambda: 20)
    with serving(shared_url) as made:
        yield made


@pytest.fixture
def connect(served: Served) -> Iterator[Connect]:
    parts = urlsplit(served.address)
    with ExitStack() as stack:

        def open_one() -> socket.socket:
            made = socket.create_connection((parts.hostname, parts.port), timeout=20)
            return stack.enter_context(made)

        yield open_one


def answered(connection: socket.socket) -> tuple[int, dict[str, str]]:
    """The status and body of the one answer after which the server closes."""
    received = b""
    while part := connection.recv(65_536):
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


def is_closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def send_much(connection: socket.socket, part: bytes) -> int:
    """Until the server has closed it; how many bytes it took, with what the system holds."""
    sent = 0
    try:
        while sent < 50_000_000:
            connection.sendall(part)
            sent += len(part)
    except (BrokenPipeError, ConnectionResetError):
        pass
    return sent


@pytest.mark.parametrize(
    "begin",
    [
        pytest.param(HEAD + b"X-Long: ", id="a header"),
        pytest.param(b"GET /", id="an address"),
        pytest.param(HEAD + b"X-", id="a header's name"),
        pytest.param(CHUNKED + b"0\r\nX-Trailer: ", id="a trailer"),
        pytest.param(CHUNKED + b"5;extension=", id="a chunk's extension"),
    ],
)
def test_what_is_not_a_body_is_refused_past_its_bound(connect: Connect, begin: bytes):
    connection = connect()
    connection.sendall(begin)
    assert send_much(connection, PART) < 10_000_000


def test_a_head_that_is_too_large_says_so(connect: Connect):
    for head in (
        HEAD + b"X-Long: " + b"x" * 70_000 + b"\r\n\r\n",
        HEAD + b"".join(b"X-%d: x\r\n" % n for n in range(300)) + b"\r\n",
    ):
        connection = connect()
        connection.sendall(head)
        assert answered(connection) == (
            431,
            {"error": connections.HEAD_TOO_LARGE, "code": "headers_too_large"},
        )


def test_trailers_are_refused(connect: Connect):
    connection = connect()
    connection.sendall(CHUNKED + b"2\r\n{}\r\n0\r\nX-Trailer: 1\r\n\r\n")
    assert answered(connection)[0] == 400


def test_half_a_head_and_half_a_body_are_answered_408(connect: Connect):
    head, body = connect(), connect()
    head.sendall(HEAD)
    body.sendall(POST + b"Content-Length: 100\r\n\r\n{")
    assert answered(head) == (408, {"error": connections.TOO_SLOW, "code": "request_timeout"})
    assert answered(body) == (408, {"error": connections.TOO_SLOW, "code": "request_timeout"})


def test_a_client_that_goes_on_byte_by_byte_gains_no_time(connect: Connect):
    connection = connect()
    connection.sendall(HEAD + b"X-Slow: ")
    refused = []

    def drip() -> bool:
        try:
            connection.sendall(b"x")
        except (BrokenPipeError, ConnectionResetError):
            refused.append(True)
        return bool(refused)

    until(drip)


def test_a_connection_without_a_request_is_closed(connect: Connect):
    assert is_closed(connect())


def test_a_kept_connection_serves_one_request_after_the_other(connect: Connect):
    connection = connect()
    for _ in range(3):
        connection.sendall(HEAD + b"\r\n")
        received = b""
        while not received.endswith(b"}"):
            received += connection.recv(65_536)
        assert received.startswith(b"HTTP/1.1 200")


def test_a_stream_and_a_long_body_outlast_the_time_for_a_head(
    served: Served, connect: Connect, monkeypatch
):
    stream = connect()
    stream.sendall(b"GET /api/sse HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    idle = connect()
    assert is_closed(idle)
    monkeypatch.setattr(connections, "BODY_SECONDS", 20)
    whole = json.dumps({"channelId": "none", "text": "x" * 200_000}).encode()
    sent = connect()
    sent.sendall(POST + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(whole))
    assert is_closed(connect())
    sent.sendall(whole)
    assert answered(sent)[0] == 400
    assert b"hello" in stream.recv(65_536)
    stream.settimeout(0.05)
    with pytest.raises(TimeoutError):
        stream.recv(1)


def test_idle_connections_make_room_for_new_ones(connect: Connect, monkeypatch, served: Served):
    monkeypatch.setattr(connections, "FIRST_SECONDS", 20)
    monkeypatch.setattr(connections, "HEAD_SECONDS", 20)
    held = [connect() for _ in range(30)]
    for half in held[10:]:
        half.sendall(HEAD)
    for _ in range(3):
        with served.client("jim") as client:
            assert client.get("/api/health").status_code == 200
    assert is_closed(held[0])


def test_where_all_connections_are_at_work_a_new_one_is_told_to_come_again(
    connect: Connect, served: Served
):
    for _ in range(20):
        stream = connect()
        stream.sendall(b"GET /api/sse HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert stream.recv(100).startswith(b"HTTP/1.1 200")
    connection = connect()
    assert answered(connection) == (
        503,
        {"error": connections.FULL, "code": "too_many_connections"},
    )


def connect_from(served: Served, address: str) -> socket.socket:
    parts = urlsplit(served.address)
    return socket.create_connection(
        (parts.hostname, parts.port), timeout=20, source_address=(address, 0)
    )


def stream_from(served: Served, address: str) -> socket.socket:
    made = connect_from(served, address)
    made.sendall(b"GET /api/sse HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    return made


def test_one_address_leaves_room_for_others(served: Served, monkeypatch):
    monkeypatch.setattr(connections, "is_local", lambda _: False)
    with ExitStack() as stack:
        for _ in range(5):
            stream = stack.enter_context(stream_from(served, "127.0.0.2"))
            assert stream.recv(100).startswith(b"HTTP/1.1 200")
        with connect_from(served, "127.0.0.2") as another:
            assert answered(another)[1]["code"] == "too_many_connections"
        other = stack.enter_context(stream_from(served, "127.0.0.3"))
        assert other.recv(100).startswith(b"HTTP/1.1 200")
        stream.close()

        def has_room() -> bool:
            with suppress(ConnectionResetError), stream_from(served, "127.0.0.2") as next_one:
                return next_one.recv(100).startswith(b"HTTP/1.1 200")
            return False

        until(has_room)


def test_what_waits_of_an_address_makes_room_for_the_same_address(served: Served, monkeypatch):
    monkeypatch.setattr(connections, "is_local", lambda _: False)
    monkeypatch.setattr(connections, "FIRST_SECONDS", 20)
    with ExitStack() as stack:
        idle = [stack.enter_context(connect_from(served, "127.0.0.2")) for _ in range(5)]
        stream = stack.enter_context(stream_from(served, "127.0.0.2"))
        assert stream.recv(100).startswith(b"HTTP/1.1 200")
        assert is_closed(idle[0])


@pytest.mark.parametrize(
    ("client", "counted"),
    [
        (("203.0.113.5", 1), "203.0.113.5"),
        (("::ffff:203.0.113.5", 1), "203.0.113.5"),
        (("2001:db8:1:2:3::4", 1), "2001:db8:1:2::/64"),
        # A trusted proxy, this machine, and a socket without an address.
        (("10.1.2.3", 1), None),
        (("127.0.0.1", 1), None),
        (("::1", 1), None),
        (None, None),
    ],
)
def test_proxies_are_counted_with_all_others_alone(client, counted):
    assert connections.Connections(8, ["10.0.0.0/8"]).network_of(client) == counted


def test_a_client_that_does_not_read_is_cut_off(connect: Connect, served: Served):
    connection = connect()
    asked = b"GET /api/channels/general/messages?limit=200 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

    def ask() -> bool:
        try:
            connection.settimeout(0.2)
            connection.sendall(asked * 50)
        except TimeoutError:
            return False
        except (BrokenPipeError, ConnectionResetError):
            return True
        return False

    until(ask)
