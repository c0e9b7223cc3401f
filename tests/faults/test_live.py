"""Posting and streams while the database, the server or what is between them fails."""

import random
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from tests.support.catalog import fetch
from tests.support.clusters import Cluster, cluster
from tests.support.plain import http_client
from tests.support.ports import free_port
from tests.support.posting import newest, post
from tests.support.program import Program, running, until
from tests.support.streams import Listening, listening
from tests.support.tools import pgbouncer

pytestmark = pytest.mark.timeout(300)

KILLS = 2
WRITERS = 4


@pytest.fixture(scope="module")
def own() -> Iterator[Cluster]:
    with cluster() as made:
        yield made


def told(stream: Listening, number: int) -> list[str]:
    found = []
    while len(found) < number:
        event = stream.next()
        assert event is not None
        if event["type"] == "message.created":
            found.append(event["message"]["text"])
    return found


@pytest.mark.parametrize("workers", ["1", "2"])
def test_behind_a_pooler_streams_are_told_by_the_direct_address(
    tmp_path: Path, url: str, workers: str
):
    with (
        pgbouncer(url) as pooled,
        running(
            *("--workers", workers),
            cwd=tmp_path,
            DATABASE_URL=pooled,
            DATABASE_URL_UNPOOLED=url,
        ) as program,
        closing(program.client("jim")) as jim,
        closing(program.client("pam")) as pam,
        listening(jim) as stream,
    ):
        for number in range(20):
            assert post(pam, f"{number}").status_code == 201
        assert told(stream, 20) == [f"{number}" for number in range(20)]
        path = f"/api/messages/{newest(pam)['id']}"
        assert pam.post(f"{path}/reactions", json={"emoji": "👍"}).status_code == 200
        assert stream.until("reaction.added")
        listeners = fetch(
            url, "SELECT count(*)::int FROM pg_stat_activity WHERE query ILIKE 'LISTEN%'"
        )
        assert listeners[0][0] >= int(workers)


def test_behind_a_pooler_alone_it_looks_by_itself(tmp_path: Path, url: str):
    with (
        pgbouncer(url) as pooled,
        running(cwd=tmp_path, DATABASE_URL=pooled) as program,
        closing(program.client("jim")) as jim,
        closing(program.client("pam")) as pam,
        listening(jim) as stream,
    ):
        assert post(pam, "Looked for").status_code == 201
        assert told(stream, 1) == ["Looked for"]


def test_streams_go_on_after_the_database_was_away(tmp_path: Path, own: Cluster):
    url = own.create("restarted")
    with (
        running(cwd=tmp_path, DATABASE_URL=url) as program,
        closing(program.client("jim")) as jim,
        closing(program.client("pam")) as pam,
        listening(jim) as stream,
    ):
        post(pam, "Before")
        assert told(stream, 1) == ["Before"]
        message_id = str(uuid4())
        own.stop()
        try:
            assert post(pam, "Meanwhile", id=message_id).status_code == 503
        finally:
            own.start()
        until(lambda: post(pam, "Meanwhile", id=message_id).status_code in (200, 201))
        post(pam, "After")
        assert told(stream, 2) == ["Meanwhile", "After"]
        assert program.stop()[0] == 0


class Writer(threading.Thread):
    """Sends each message until it is answered, as the client does."""

    def __init__(self, address: str, cookies: httpx.Cookies, over: threading.Event) -> None:
        super().__init__()
        self.address = address
        self.cookies = cookies
        self.over = over
        self.acknowledged: list[str] = []
        self.repeated = 0

    def run(self) -> None:
        while not self.over.is_set():
            self.send(str(uuid4()))

    def send(self, message_id: str) -> None:
        while True:
            try:
                with http_client(base_url=self.address, cookies=self.cookies) as client:
                    answer = post(client, message_id, id=message_id)
            except httpx.TransportError:
                continue
            assert answer.status_code in (200, 201), answer.text
            self.repeated += answer.status_code == 200
            self.acknowledged.append(message_id)
            return


class Reader(threading.Thread):
    """Keeps a stream, and comes back with the number it had."""

    def __init__(self, address: str, cookies: httpx.Cookies) -> None:
        super().__init__()
        with http_client(base_url=address, cookies=cookies) as client:
            self.last = int(client.get("/api/unreads").headers["x-event-id"])
        self.client = http_client(base_url=address, cookies=cookies)
        self.told: list[str] = []

    def run(self) -> None:
        with self.client:
            while "The end" not in self.told:
                with suppress(httpx.TransportError, AssertionError):
                    self.resume()

    def resume(self) -> None:
        with listening(self.client, self.last) as stream:
            self.read(stream)

    def read(self, stream: Listening) -> None:
        while (event := stream.next()) is not None:
            self.last = event["id"]
            if event["type"] == "message.created":
                self.told.append(event["message"]["text"])
                if self.told[-1] == "The end":
                    return


def test_a_server_that_is_killed_loses_nothing_and_repeats_nothing(tmp_path: Path, url: str):
    given = {"DATABASE_URL": url, "BULLPEN_PORT": str(free_port())}
    over = threading.Event()
    threads: list[Writer | Reader] = []
    chance = random.Random(4)

    def begin(program: Program) -> None:
        for user in ("jim", "pam", "dwight", "kevin")[:WRITERS]:
            with closing(program.client(user)) as client:
                threads.append(Writer(program.address, client.cookies, over))
        with closing(program.client("creed")) as client:
            threads.append(Reader(program.address, client.cookies))
        for thread in threads:
            thread.start()

    for kill in range(KILLS + 1):
        with running(cwd=tmp_path, **given) as program:
            if not threads:
                begin(program)
            # In the middle of the work, wherever that is.
            enough = stored(url) + chance.randint(5, 25)
            until(lambda number=enough: stored(url) > number)
            if kill == KILLS:
                over.set()
                writers = [thread for thread in threads if isinstance(thread, Writer)]
                for writer in writers:
                    writer.join()
                with closing(program.client("jim")) as client:
                    post(client, "The end")
                (reader,) = (thread for thread in threads if isinstance(thread, Reader))
                reader.join(60)
                assert not reader.is_alive()
            else:
                program.process.kill()
                program.process.wait()
    acknowledged = [message_id for writer in writers for message_id in writer.acknowledged]
    rows = fetch(
        url, "SELECT text FROM messages WHERE text ~ '^[0-9a-f-]{36}$' ORDER BY created_at, id"
    )
    texts = [row[0] for row in rows]
    assert sorted(texts) == sorted(acknowledged)
    assert len(acknowledged) == len(set(acknowledged)) > KILLS
    assert reader.told == [*texts, "The end"]


def stored(url: str) -> int:
    return int(fetch(url, "SELECT count(*) FROM events WHERE kind = 'message.created'")[0][0])
