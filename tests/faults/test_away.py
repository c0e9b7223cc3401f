"""The database goes away under a serving program, and comes back."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from tests.support.catalog import fetch
from tests.support.clusters import Cluster, cluster
from tests.support.fixtures import complete
from tests.support.program import Program, bullpen, running, until, web_processes

from bullpen.kit import database

pytestmark = pytest.mark.timeout(300)

ANCHOR = {"BULLPEN_ANCHOR_DATE": "2026-03-04", "BULLPEN_TIME_ZONE": "America/New_York"}
AWAY = {
    "error": "The database cannot be reached right now. Try again in a moment.",
    "code": "database_unavailable",
}
READS = [
    "/api/session",
    "/api/users",
    "/api/users/jim",
    "/api/agents",
    "/api/channels",
    "/api/channels/management",
    "/api/channels/management/members",
    "/api/channels/general/messages",
    "/api/channels/dm-michael-toby/messages",
    "/api/unreads",
]
CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
CLIENTS = 16
ROUNDS = 5
PASSWORD = "open-sesame"


@pytest.fixture(scope="module")
def own() -> Iterator[Cluster]:
    with cluster() as made:
        yield made


@pytest.fixture(scope="module")
def own_url(own: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    url = own.create("office")
    done = bullpen("db", "seed", cwd=tmp_path_factory.mktemp("seed"), DATABASE_URL=url, **ANCHOR)
    assert done.code == 0, done.err
    return url


def answers(client: httpx.Client) -> list[tuple[int, object]]:
    found = [client.get(path) for path in READS]
    return [(answer.status_code, answer.json()) for answer in found]


def health(program: Program) -> tuple[int, object]:
    answer = program.get("/api/health")
    return answer.status_code, answer.json()


def test_the_program_outlives_its_database(tmp_path: Path, own: Cluster, own_url: str):
    with (
        running(cwd=tmp_path, DATABASE_URL=own_url) as program,
        program.client() as client,
        program.client() as outsider,
    ):
        assert outsider.put("/api/session", json={"userId": "kevin"}).status_code == 200
        before = answers(client)
        assert {status for status, _ in before} == {200}
        own.stop()
        try:
            for _ in range(2):
                says_that_it_is_away(program, client)
        finally:
            own.start()
        for _ in range(2):
            assert answers(client) == before
            assert health(program) == (200, {"status": "ok", "database": "connected"})
        assert outsider.get("/api/channels/management/messages").status_code == 404
        assert program.stop()[0] == 0
    assert tracebacks(program.complained) == []


def tracebacks(lines: list[str]) -> list[str]:
    return [line for line in lines if "Traceback" in line]


def says_that_it_is_away(program: Program, client: httpx.Client) -> None:
    for path in READS:
        answer = client.get(path)
        assert (answer.status_code, answer.json()) == (503, AWAY), path
        assert answer.headers["retry-after"] == "1"
    read = client.post("/api/unreads/mark-read", json={"channelId": "management"})
    assert (read.status_code, read.json()) == (503, AWAY)
    assert health(program) == (200, {"status": "ok", "database": "unavailable"})
    assert program.get("/").status_code == 200


def test_web_processes_outlive_it_and_one_that_dies_meanwhile_is_replaced_afterwards(
    tmp_path: Path, own: Cluster, own_url: str
):
    with running("--workers", "2", cwd=tmp_path, DATABASE_URL=own_url) as program:
        with program.client() as client:
            before = answers(client)
        own.stop()
        try:
            # Each process finds out by itself; which one answers is decided for each connection.
            for _ in range(4):
                with program.client() as client:
                    says_that_it_is_away(program, client)
            # The replacements complain that they find no database.
            assert tracebacks(program.complained) == []
            victim, survivor = web_processes(program.process.pid)
            os.kill(victim, signal.SIGKILL)
            until(lambda: program.complained)
        finally:
            own.start()
        until(lambda: len({*web_processes(program.process.pid)} - {victim}) == 2)
        assert survivor in web_processes(program.process.pid)
        for _ in range(4):
            with program.client() as client:
                assert answers(client) == before
            assert health(program) == (200, {"status": "ok", "database": "connected"})
        for _ in range(4):
            with program.client() as client:
                assert fetch(own_url, CUT)
                assert answers(client) == before
        assert program.stop()[0] == 0


def test_no_request_fails_when_connections_are_cut(tmp_path: Path, url: str):
    with running(cwd=tmp_path, DATABASE_URL=url) as program:
        statuses: dict[int, list[int]] = {number: [] for number in range(CLIENTS)}
        over = threading.Event()

        def ask(number: int) -> None:
            with program.client() as client:
                while not over.is_set():
                    answer = client.get("/api/channels/general/messages")
                    statuses[number].append(answer.status_code)

        def all_go_on() -> None:
            seen = {number: len(got) for number, got in statuses.items()}
            until(lambda: all(len(got) > seen[number] + 2 for number, got in statuses.items()))

        asking = [threading.Thread(target=ask, args=[number]) for number in range(CLIENTS)]
        for thread in asking:
            thread.start()
        cut = 0
        try:
            for _ in range(ROUNDS):
                all_go_on()
                cut += len(fetch(url, CUT))
            all_go_on()
        finally:
            over.set()
            for thread in asking:
                thread.join()
        assert cut >= ROUNDS
        assert {status for got in statuses.values() for status in got} == {200}
        with program.client() as client:
            read = client.post("/api/unreads/mark-read", json={"channelId": "management"})
            assert read.status_code == 200
            assert "management" not in read.json()


def test_one_further_try_is_enough_where_all_connections_are_cut_at_once(monkeypatch, url: str):
    """Before the pool has noticed that any of them is lost."""
    monkeypatch.setattr(database, "TRIES", 2)

    async def work() -> None:
        opened = await database.Database.open(url)
        try:
            for _ in range(ROUNDS):
                sleeping = (opened.fetch("SELECT pg_sleep(0.01)") for _ in range(CLIENTS))
                await asyncio.gather(*sleeping)
                # In another thread, which this one waits for: the pool notices nothing of it.
                assert len(fetch(url, CUT)) == database.CONNECTIONS
                reading = (opened.fetch("SELECT 1") for _ in range(CLIENTS))
                assert [rows[0][0] for rows in await asyncio.gather(*reading)] == [1] * CLIENTS
        finally:
            await opened.close()

    complete(work())


def test_it_starts_without_waiting_for_a_database_that_is_away(
    tmp_path: Path, own: Cluster, own_url: str
):
    own.stop()
    try:
        begin = time.monotonic()
        done = bullpen(cwd=tmp_path, DATABASE_URL=own_url)
        assert time.monotonic() - begin < 10
    finally:
        own.start()
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("bullpen: cannot reach the database at ")
    assert done.err.count("\n") == 1


def test_a_wrong_password(tmp_path: Path, own: Cluster, own_url: str):
    fetch(own_url, f"CREATE ROLE visitor LOGIN PASSWORD '{PASSWORD}'")
    fetch(own_url, "GRANT pg_read_all_data TO visitor")
    rules = own.data / "pg_hba.conf"
    rules.write_text(f"local all visitor scram-sha-256\n{rules.read_text()}")
    assert fetch(own_url, "SELECT pg_reload_conf()")[0][0]
    # The server reads them when it comes to it.
    until(lambda: refuses(own_url.replace("postgres@", "visitor@")))
    given = own_url.replace("postgres@", "visitor:open-barley@")
    done = bullpen("db", "check", cwd=tmp_path, DATABASE_URL=given)
    assert (done.code, done.out) == (1, "")
    assert done.err.endswith(
        'office: password authentication failed for user "visitor"; '
        "check the user and password in DATABASE_URL\n"
    )
    assert done.err.count("\n") == 1
    assert "barley" not in done.err
    right = own_url.replace("postgres@", f"visitor:{PASSWORD}@")
    assert bullpen("db", "check", cwd=tmp_path, DATABASE_URL=right).out.startswith("SELECT 1 ans")


def refuses(url: str) -> bool:
    try:
        fetch(url, "SELECT 1")
    except asyncpg.InvalidPasswordError:
        return True
    return False
