"""The stream: where it begins, how it goes on after a cut, and how it ends."""

import socket
from collections.abc import Callable
from contextlib import ExitStack, suppress
from urllib.parse import urlsplit

import httpx
import pytest
from tests.support.plain import http_client
from tests.support.posting import post
from tests.support.program import until
from tests.support.serving import serving, two_people
from tests.support.streams import listening

from bullpen.api.realtime import hub, streams
from bullpen.api.routes import events
from bullpen.events import subscriber
from bullpen.members import backlog

# Messages of 156 kB: what the system, the server and the stream hold of them is at most nine.
MANY = 20
LISTENERS = """
FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'LISTEN%'
"""
Acting = Callable[[str], httpx.Client]


def known(client: httpx.Client) -> int:
    return int(client.get("/api/session").headers["x-event-id"])


def texts(events: list[dict[str, object]]) -> list[str]:
    return [e["message"]["text"] for e in events if e["type"] == "message.created"]


def test_it_says_where_it_begins_and_is_never_gathered_or_stored(acting: Acting):
    jim = acting("jim")
    number = known(jim)
    with listening(jim) as stream:
        assert stream.last == number
        headers = stream.response.headers
        assert headers["content-type"] == "text/event-stream; charset=utf-8"
        assert headers["cache-control"] == "no-store"
        assert headers["x-accel-buffering"] == "no"
        assert headers["x-content-type-options"] == "nosniff"
        assert "content-encoding" not in headers
        post(acting("pam"), "Now")
        (event,) = stream.until("message.created")
        assert event["id"] > number
        assert known(jim) == event["id"]


def test_every_answer_says_up_to_where_it_is_complete(acting: Acting):
    """What is not in the answer is told after its number."""
    jim, pam = acting("jim"), acting("pam")
    for number in range(5):
        sent = post(pam, f"{number}").json()["id"]
        page = jim.get("/api/channels/general/messages?limit=10")
        shown = {message["id"] for message in page.json()}
        assert sent in shown
        later = post(pam, "later").json()["id"]
        with listening(jim, int(page.headers["x-event-id"])) as stream:
            post(pam, "last")
            told = set()
            while "last" not in told:
                message = stream.next()["message"]
                told |= {message["id"], message["text"]}
        assert later not in shown
        assert later in told


@pytest.mark.parametrize("how", ["header", "query"])
def test_after_a_cut_it_goes_on_where_it_was(acting: Acting, how: str):
    jim, pam = acting("jim"), acting("pam")
    with listening(jim) as stream:
        post(pam, "seen")
        assert texts(stream.until("message.created")) == ["seen"]
    missed = [post(pam, f"missed {number}").json()["text"] for number in range(3)]
    post(acting("dwight"), "Not for Jim", channel="dm-dwight-angela")
    if how == "query":
        with jim.stream("GET", f"/api/sse?lastEventId={stream.last}") as answer:
            lines = answer.iter_lines()
            found = [next(line for line in lines if line.startswith("data")) for _ in range(4)]
        assert [text for text in missed if any(f'"{text}"' in line for line in found)] == missed
        return
    with listening(jim, stream.last) as again:
        post(pam, "live")
        events = [again.next() for _ in range(4)]
        assert texts(events) == [*missed, "live"]
        assert [e["id"] for e in events] == sorted({e["id"] for e in events})


def test_what_was_trimmed_away_is_answered_with_a_reset(acting: Acting, run_sql):
    jim, pam = acting("jim"), acting("pam")
    number = known(jim)
    for _ in range(3):
        post(pam)
    run_sql("DELETE FROM events WHERE id < (SELECT max(id) FROM events)")
    newest = run_sql("SELECT max(id) FROM events")[0][0]
    for behind in (number, 0, newest + 1000):
        with listening(jim, behind) as stream:
            (event,) = stream.until("reset")
            assert event["id"] == newest
            assert stream.none_so_far()
    # Nothing is missing after the one before the oldest that is left.
    with listening(jim, newest - 1) as stream:
        assert stream.next()["type"] == "message.created"


def test_too_long_a_way_is_answered_with_a_reset(acting: Acting, monkeypatch):
    monkeypatch.setattr(backlog, "MOST", 2)
    jim, pam = acting("jim"), acting("pam")
    number = known(jim)
    for _ in range(3):
        post(pam)
    with listening(jim, number) as stream:
        assert [e["type"] for e in stream.until("reset")] == ["reset"]


def test_a_long_backlog_comes_in_portions_without_a_gap(acting: Acting, monkeypatch):
    monkeypatch.setattr(backlog, "AT_ONCE", 3)
    jim, pam = acting("jim"), acting("pam")
    number = known(jim)
    sent = [post(pam, f"{place}").json()["text"] for place in range(7)]
    with listening(jim, number) as stream:
        assert texts([stream.next() for _ in range(7)]) == sent


def test_a_backlog_of_long_messages_comes_in_portions_of_few_bytes(acting: Acting, monkeypatch):
    sizes: list[int] = []
    original = backlog.missed

    async def measured(*arguments):
        portion = await original(*arguments)
        sizes.append(sum(len(row[2]) for row in portion.events))
        return portion

    monkeypatch.setattr(events, "missed", measured)
    jim, pam = acting("jim"), acting("pam")
    number = known(jim)
    sent = [
        post(pam, text).json()["text"]
        for text in ["a" * 40_000, "".join(map(chr, range(0x4E00, 0x4E00 + 20_000))), "short"] * 3
    ]
    with listening(jim, number) as stream:
        assert texts([stream.next() for _ in sent]) == sent
    assert max(sizes) < backlog.PORTION_BYTES + 45_000
    assert sum(size > 0 for size in sizes) >= 4


def test_one_user_has_a_bounded_number_of_streams(acting: Acting, monkeypatch):
    jim, pam = acting("jim"), acting("pam")
    monkeypatch.setattr(streams, "MOST_OF_USER", 2)
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(listening(jim))
        refused = jim.get("/api/sse")
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0
        stack.enter_context(listening(pam))
    until(lambda: jim.head("/api/sse").status_code == 200)


@pytest.mark.parametrize("number", ["-1", "x", "1.5", str(2**63)])
def test_a_number_that_is_none_is_refused(refusing: Acting, number: str):
    jim = refusing("jim")
    assert jim.get("/api/sse", params={"lastEventId": number}).status_code == 400
    assert jim.get("/api/sse", headers={"Last-Event-ID": number}).status_code == 400


def test_nobody_listens_to_nothing(url: str):
    with serving(url, team=True) as served, http_client() as nobody:
        assert nobody.get(f"{served.address}/api/sse").status_code == 401


def test_heartbeats_tell_how_far_it_is(url: str, monkeypatch):
    monkeypatch.setattr(hub, "HEARTBEAT_SECONDS", 0.05)
    with two_people(url) as (jim, dwight), listening(jim) as stream:
        post(dwight, "Not for Jim", channel="dm-dwight-angela")
        number = known(dwight)
        until(lambda: stream.beats > 1 and stream.last >= number > 0)
        assert stream.none_so_far()


def test_it_ends_after_a_while_and_misses_nothing(acting: Acting, monkeypatch):
    monkeypatch.setattr(streams, "LIFE_SECONDS", (0.05, 0.1))
    jim, pam = acting("jim"), acting("pam")
    with listening(jim) as stream:
        assert stream.next() is None
    post(pam, "Between")
    with listening(jim, stream.last) as again:
        assert texts(again.until("message.created")) == ["Between"]


@pytest.mark.timeout(300)
def test_a_slow_reader_is_cut_off_and_holds_nobody_up(acting: Acting, monkeypatch):
    monkeypatch.setattr(streams, "MOST_BYTES", 400_000)
    jim, pam = acting("jim"), acting("pam")
    slow = sleeper(jim)
    with listening(jim) as stream:
        for number in range(MANY):
            # More than the system's own buffers hold.
            post(pam, f"{number} " + "🎉" * 39_000)
        got = [stream.next() for _ in range(MANY)]
    assert [text.split()[0] for text in texts(got)] == [f"{n}" for n in range(MANY)]
    received = all_of(slow)
    whole = received.count(b'"message.created"') - (not received.rstrip().endswith(b"}"))
    assert whole < MANY
    with listening(jim, got[whole - 1]["id"]) as again:
        rest = texts([again.next() for _ in range(MANY - whole)])
    assert [text.split()[0] for text in rest] == [f"{n}" for n in range(whole, MANY)]


def all_of(connection: socket.socket) -> bytes:
    received = b""
    connection.settimeout(20)
    with connection, suppress(ConnectionResetError):
        while part := connection.recv(1_000_000):
            received += part
    return received


def sleeper(client: httpx.Client) -> socket.socket:
    """Opens a stream and reads its beginning only."""
    parts = urlsplit(str(client.base_url))
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect((parts.hostname, parts.port))
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    asked = f"GET /api/sse HTTP/1.1\r\nHost: {parts.netloc}\r\nCookie: {cookies}\r\n\r\n"
    connection.sendall(asked.encode())
    begun = b""
    while b"hello" not in begun:
        begun += connection.recv(200)
    return connection


def test_streams_end_with_their_server(url: str):
    with serving(url) as served:
        jim = served.client("jim")
        context = listening(jim)
        stream = context.__enter__()
    assert stream.next() is None
    context.__exit__(None, None, None)
    jim.close()


def test_two_processes_are_as_one(url: str):
    with ExitStack() as open_now:
        one, other = (open_now.enter_context(serving(url)) for _ in range(2))
        jim = open_now.enter_context(one.client("jim"))
        there, pam = (open_now.enter_context(other.client(user)) for user in ("jim", "pam"))
        with listening(jim) as stream:
            for number in range(5):
                post(pam, f"{number}")
            assert texts([stream.next() for _ in range(5)]) == [f"{n}" for n in range(5)]
            post(jim, "Here")
            number = stream.until("message.created")[-1]["id"]
        # Ahead of what this process has been told, perhaps; it looks before it answers.
        with listening(there, number) as stream:
            post(pam, "There")
            assert texts(stream.until("message.created")) == ["There"]


def test_without_notifications_it_looks_by_itself(url: str, monkeypatch):
    monkeypatch.setattr(subscriber, "NOTIFICATIONS", "nobody_says_anything")
    monkeypatch.setattr(subscriber, "POLL_SECONDS", 0.05)
    with two_people(url) as (jim, dwight), listening(jim) as stream:
        post(dwight, "Unannounced")
        assert texts(stream.until("message.created")) == ["Unannounced"]


def test_a_listener_that_is_cut_off_comes_back(acting: Acting, run_sql):
    jim, pam = acting("jim"), acting("pam")
    with listening(jim) as stream:
        for number in range(3):
            until(lambda: run_sql(f"SELECT pid {LISTENERS}"))
            assert run_sql(f"SELECT pg_terminate_backend(pid) {LISTENERS}")[0][0]
            post(pam, f"{number}")
            assert texts(stream.until("message.created")) == [f"{number}"]
