"""`bullpen` itself: what it serves, from where, and how it ends."""

import asyncio
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import asyncpg
import httpx
import pytest
from tests.support.catalog import contents, fetch
from tests.support.fixtures import complete
from tests.support.plain import http_client
from tests.support.ports import free_port
from tests.support.program import (
    SECONDS,
    Program,
    bullpen,
    descendants,
    environment,
    finish,
    is_alive,
    postmasters,
    running,
    start,
    until,
    web_processes,
    workers,
)
from tests.support.small_pack import SmallPack

from bullpen.kit.database import connect
from bullpen.kit.progress import STEPS, Progress
from bullpen.migrations.run import migrate, revisions
from bullpen.processes import bootstrap as start_up
from bullpen.settings import read

pytestmark = pytest.mark.timeout(300)

SIGNALS = [signal.SIGINT, signal.SIGTERM]
STOP_SECONDS = 2.0
ATTEMPTS = 3
BAKERY = {
    "userId": "ann",
    "workspace": {"name": "The Bakery"},
}
OFFICE = "michael"


def whose(program: Program) -> str:
    return str(program.get("/api/session").json()["userId"])


def test_the_address_is_printed_last_and_leads_to_the_workspace(tmp_path: Path, empty_url: str):
    port = free_port()
    given = {"DATABASE_URL": empty_url, "BULLPEN_PORT": str(port)}
    with running(cwd=tmp_path, **given) as program:
        first, last = program.said
        where = database_address(empty_url)
        assert first == f"Created the workspace Dunder Mifflin in {where}: 16 agents, 309 messages"
        assert last == f"Bullpen is ready at http://127.0.0.1:{port}"
        assert whose(program) == OFFICE
        messages = program.get("/api/channels/general/messages").json()
        stored = fetch(
            empty_url,
            """SELECT text FROM messages WHERE channel_id = 'general'
            AND parent_message_id IS NULL ORDER BY created_at, id""",
        )
        assert [message["text"] for message in messages] == [row[0] for row in stored][-50:]
        assert "<!doctype html>" in program.get("/").text.lower()
        assert program.stop()[0] == 0
    assert program.complained == []


def test_a_served_database_is_served_as_it_is(tmp_path: Path, url: str, run_sql):
    run_sql("UPDATE workspace SET name = 'Renamed', default_user_id = 'pam'")
    before = contents(url)
    with running(cwd=tmp_path, DATABASE_URL=url) as program:
        assert program.said == [
            f"Opened the workspace Renamed in {database_address(url)}",
            f"Bullpen is ready at {program.address}",
        ]
        expected = {"userId": "pam", "workspace": {"name": "Renamed"}}
        assert program.get("/api/session").json() == expected
    assert contents(url) == before


def test_settings_come_from_a_file_that_is_asked_for(tmp_path: Path, shared_url: str):
    port = free_port()
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / ".env").write_text(f"DATABASE_URL='{shared_url}'\nBULLPEN_HOST=localhost\n")
    with running("--port", str(port), "--env-file", ".env", cwd=folder) as program:
        assert program.said[-1] == f"Bullpen is ready at http://localhost:{port}"
        assert whose(program) == OFFICE


def database_address(url: str) -> str:
    """As people are told of it: without the user."""
    return start_up.address(url)


def test_an_older_database_is_updated_and_served(tmp_path: Path, url: str):
    (newest,) = revisions()[-1:]
    complete(migrate(url, revisions()[-2]))
    with running(cwd=tmp_path, DATABASE_URL=url) as program:
        opened = f"opened the workspace Dunder Mifflin in {database_address(url)}"
        ready = f"Bullpen is ready at {program.address}"
        assert program.said == [f"Updated the database ({newest}) and {opened}", ready]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_the_steps_of_the_first_start_only(monkeypatch, empty_url: str):
    monkeypatch.setenv("TERM", "xterm")
    settings = read(database_url=empty_url)

    def prepared(terminal: io.StringIO) -> tuple[str, str]:
        with monkeypatch.context() as during, Progress() as progress:
            during.setattr(sys, "stderr", terminal)
            place = start_up.locate(settings, progress)
            return complete(start_up.prepare(place, settings, progress)), terminal.getvalue()

    said, drawn = prepared(Terminal())
    assert said.startswith("Created the workspace Dunder Mifflin in ")
    assert [step for step in STEPS if f"{step}…" in drawn] == list(STEPS[1:])
    # The line is erased, and the cursor shown again.
    assert drawn.endswith("\x1b[?25h\r\x1b[1A\x1b[2K")
    again = f"Opened the workspace Dunder Mifflin in {database_address(empty_url)}"
    assert prepared(Terminal()) == (again, "")
    assert prepared(io.StringIO()) == (again, "")


TRAP = "import pathlib\npathlib.Path(__file__).with_suffix('.ran').touch()\n"


def test_nothing_of_the_current_folder_is_run_or_read(tmp_path: Path, url: str):
    """Neither by the program nor by its web processes and its worker."""
    for name in ("uvloop", "msgspec", "asyncpg", "sentry_sdk"):
        (tmp_path / f"{name}.py").write_text(TRAP)
    (tmp_path / ".env").write_text("BULLPEN_HOST=nowhere.invalid\n")
    script = str(Path(sys.executable).with_name("bullpen"))
    process = subprocess.Popen(
        [script, "--workers", "2"],
        cwd=tmp_path,
        env=environment(DATABASE_URL=url, BULLPEN_AGENTS="on"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    program = Program(process)
    try:
        assert program.get("/api/health").json()["database"] == "connected"
        until(lambda: workers(process.pid))
        assert program.stop()[0] == 0
    finally:
        program.close()
    assert list(tmp_path.glob("*.ran")) == []
    ignored = "bullpen: the file .env in this folder is not read; to read it, add --env-file .env"
    assert program.complained.count(ignored) == 1


def within_two_seconds(attempt: Callable[[], float]) -> bool:
    """At once on a machine with time for it: a busy one gets a second and a third attempt."""
    return any(attempt() < STOP_SECONDS for _ in range(ATTEMPTS))


@pytest.mark.parametrize(("workers", "wanted"), [*zip([1, 2], SIGNALS, strict=True)])
def test_it_stops_at_once_with_a_connection_open_and_a_request_under_way(
    tmp_path: Path, url: str, workers: int, wanted: signal.Signals
):
    def attempt() -> float:
        with (
            running("--workers", str(workers), cwd=tmp_path, DATABASE_URL=url) as program,
            program.client() as kept_alive,
        ):
            assert kept_alive.get("/api/users").status_code == 200
            everything = [program.process.pid, *descendants(program.process.pid)]
            assert len(web_processes(program.process.pid)) == (0 if workers == 1 else workers)
            code, seconds = complete(stop_while_asked(program, url, wanted))
            assert code == 0
            until(lambda: not any(map(is_alive, everything)), 1)
            with pytest.raises(httpx.ConnectError):
                program.get("/api/health")
        assert [line for line in program.complained if "Traceback" in line] == []
        return seconds

    assert within_two_seconds(attempt)


async def stop_while_asked(program: Program, url: str, wanted: signal.Signals) -> tuple[int, float]:
    """The request waits for a table that somebody else holds."""
    holding = await connect(url, pooled=False)
    watching = await connect(url, pooled=False)
    waiter = threading.Thread(target=ask, args=[program])
    try:
        async with holding.transaction():
            await holding.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
            waiter.start()
            await blocked_on(watching, "users")
            return program.stop(wanted)
    finally:
        await holding.close()
        await watching.close()
        waiter.join()


async def blocked_on(watching: asyncpg.Connection, table: str) -> None:
    sql = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = $1::text::regclass"
    async with asyncio.timeout(SECONDS):
        while not await watching.fetchval(sql, table):
            pass


def ask(program: Program) -> None:
    with pytest.raises(httpx.HTTPError):
        program.get("/api/users").raise_for_status()


@pytest.mark.parametrize(
    ("wanted", "python"), [(signal.SIGINT, None), (signal.SIGTERM, sys.executable)]
)
def test_it_stops_in_the_middle_of_its_start(
    tmp_path: Path, url: str, wanted: signal.Signals, python: str | None
):
    """One of them is still loading a part of itself, and of its worker."""

    async def work() -> None:
        holding = await connect(url, pooled=False)
        watching = await connect(url, pooled=False)
        try:
            async with holding.transaction():
                await holding.execute("LOCK TABLE workspace IN ACCESS EXCLUSIVE MODE")
                given = {"DATABASE_URL": url, "BULLPEN_AGENTS": "on"}
                process = start(cwd=tmp_path, python=python, **given)
                await blocked_on(watching, "workspace")
                process.send_signal(wanted)
                done = finish(process)
                assert (done.code, done.out, done.err) == (0, "", "")
        finally:
            await holding.close()
            await watching.close()

    complete(work())


def test_a_data_folder_is_shared_by_several_programs_and_packs(tmp_path: Path):
    folder = tmp_path / "the data"
    pack = SmallPack(tmp_path / "bakery")
    given = {"BULLPEN_DATA_DIR": str(folder)}
    with ExitStack() as stack:
        first = stack.enter_context(running(cwd=tmp_path, **given))
        assert first.said[-1] == f"Bullpen is ready at {first.address}"
        assert whose(first) == OFFICE
        assert len(postmasters(first.process.pid)) == 1
        second = stack.enter_context(running("--pack", str(pack.folder), cwd=tmp_path, **given))
        assert second.get("/api/session").json() == BAKERY
        assert [user["id"] for user in second.get("/api/users").json()] == ["ann", "bo", "cy", "di"]
        assert len(first.get("/api/users").json()) == 16
        assert postmasters(second.process.pid) == []
        with closing(second.client("bo")) as outsider:
            assert outsider.get("/api/channels/ovens/messages").status_code == 404
        with closing(second.client("cy")) as insider:
            (message,) = insider.get("/api/channels/ovens/messages").json()
            assert message["text"] == "Hot."
        assert first.stop(signal.SIGINT)[0] == 0
        # The database went with the first one; the second brings it back.
        until(lambda: second.get("/api/session").status_code == 200)
        assert second.get("/api/session").json() == BAKERY
        everything = [second.process.pid, *descendants(second.process.pid)]
        assert len(postmasters(second.process.pid)) == 1
        assert second.stop(signal.SIGINT)[0] == 0
        assert [pid for pid in everything if is_alive(pid)] == []
    assert (first.complained, second.complained) == ([], [])


def replaces_a_killed_web_process(program: Program) -> None:
    pid = program.process.pid
    before = web_processes(pid)
    assert len(before) == 2
    process = before[0]
    os.kill(process, signal.SIGKILL)
    until(lambda: len(set(web_processes(pid)) - {process}) == 2)
    # The socket waits for whoever is there; nobody is refused.
    for _ in range(20):
        assert program.get("/api/health").json()["database"] == "connected"
    assert set(web_processes(pid)) & set(before) == {before[1]}


def test_a_killed_web_process_is_replaced_and_nothing_outlives_a_killed_program(tmp_path: Path):
    pack = SmallPack(tmp_path / "bakery")
    given = {"BULLPEN_DATA_DIR": str(tmp_path / "data"), "BULLPEN_PACK": str(pack.folder)}
    with running("--workers", "2", cwd=tmp_path, **given) as program:
        replaces_a_killed_web_process(program)
        pid = program.process.pid
        everything = descendants(pid)
        assert len(web_processes(pid)) == 2
        assert len(postmasters(pid)) == 1
        assert len(everything) > 3
        program.process.kill()
        # The replacement may still be loading, and notices afterwards.
        until(lambda: not any(map(is_alive, everything)))

    def start_and_stop() -> float:
        with running(cwd=tmp_path, **given) as again:
            assert again.said == [
                f"Opened the workspace The Bakery in {tmp_path / 'data'}",
                f"Bullpen is ready at {again.address}",
            ]
            everything = [again.process.pid, *descendants(again.process.pid)]
            code, seconds = again.stop()
            assert code == 0
            assert [pid for pid in everything if is_alive(pid)] == []
        return seconds

    assert within_two_seconds(start_and_stop)


@pytest.mark.parametrize("told", [True, False])
def test_a_web_process_whose_parent_has_gone_ends(tmp_path: Path, shared_url: str, told: bool):
    web = json.dumps({"database_url": shared_url, "token": None, "hosts": None}) + "\n"
    heard, said = os.pipe()
    os.close(heard)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        done = subprocess.run(
            [sys.executable, "-m", "bullpen.processes.web_main", str(listener.fileno())],
            cwd=tmp_path,
            env=environment(),
            pass_fds=[listener.fileno()],
            input=web if told else "",
            stdout=said,
            stderr=subprocess.PIPE,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    os.close(said)
    assert (done.returncode, done.stderr) == (0, "")


def test_others_sign_in_and_the_first_owner_by_a_link_that_is_printed(tmp_path: Path, url: str):
    given = {"DATABASE_URL": url, "BULLPEN_HOST": "0.0.0.0", "BULLPEN_DATA_DIR": str(tmp_path)}
    with running(cwd=tmp_path, **given) as program:
        printed = httpx.URL(program.address)
        here = f"http://127.0.0.1:{printed.port}"
        assert (printed.host, printed.query) == (socket.gethostname(), b"")
        assert program.said[-3] == "Team mode: people sign in"
        first = owner_link(program)
        assert first.startswith(f"{program.address}/setup#")
        assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
        with http_client(base_url=here) as stranger:
            answer = stranger.get("/api/users")
            assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_required")
            assert "set-cookie" not in stranger.get("/").headers
        assert httpx.get(f"{here}/api/health").status_code == 200
        assert program.stop()[0] == 0
    # A start before it was used prints another one, and ends it.
    with running(cwd=tmp_path, **given) as program:
        second = owner_link(program)
        here = f"http://127.0.0.1:{httpx.URL(program.address).port}"
        owner = {"displayName": "Olive", "email": "olive@example.org", "password": "paper and rain"}
        with http_client(base_url=here) as browser:
            for link, status in ((first, 404), (second, 201)):
                body = owner | {"token": link.partition("#")[2]}
                assert browser.post("/api/setup", json=body).status_code == status
            assert browser.get("/api/session").json()["userId"] == "olive"
        assert program.stop()[0] == 0
    with running(cwd=tmp_path, **given) as program:
        assert not any("owner" in line for line in program.said)
        done = bullpen("owner-link", cwd=tmp_path, **given)
        assert (done.code, done.out.count("#")) == (0, 1), done.err


def owner_link(program: Program) -> str:
    [line] = [line for line in program.said if "owner" in line]
    return line.rpartition(" ")[2]


def test_a_printed_link_begins_with_the_public_url(tmp_path: Path, shared_url: str):
    port = free_port()
    given = {
        "BULLPEN_PORT": str(port),
        "BULLPEN_PUBLIC_URL": f"http://localhost:{port}",
        "DATABASE_URL": shared_url,
    }
    with running("--team", cwd=tmp_path, **given) as program:
        assert program.address == f"http://localhost:{port}"
        assert owner_link(program).startswith(f"http://localhost:{port}/setup#")
        with http_client(base_url=f"http://127.0.0.1:{port}") as stranger:
            assert stranger.get("/api/users").status_code == 401
