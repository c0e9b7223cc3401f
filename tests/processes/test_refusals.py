"""What cannot work ends with one line that says why and what to do, and leaves nothing behind."""

import os
import socket
import stat
import threading
from pathlib import Path

import pytest
from tests.support.catalog import contents, fetch, tables
from tests.support.program import Done, bullpen
from tests.support.small_pack import SmallPack

from bullpen.kit.errors import StartupError
from bullpen.processes.bootstrap import require_version
from bullpen.settings import read

PASSWORD = "open-sesame"
HINT = "set BULLPEN_DATA_DIR to another folder, or DATABASE_URL to another Postgres"
ADDRESS = (
    "expected an address like postgresql://user:password@host:5432/database, "
    "with signs such as / ? # @ in the password written as %2F %3F %23 %40"
)


def refused(reason: str) -> Done:
    return Done(1, "", f"bullpen: {reason}\n")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (
            f"postgresql://michael:{PASSWORD}@127.0.0.1:1/office",
            "cannot reach the database at 127.0.0.1:1/office: nothing is listening there",
        ),
        (
            f"postgresql://michael:{PASSWORD}@nowhere.invalid/office",
            "cannot reach the database at nowhere.invalid:5432/office: ",
        ),
        (f"postgresql://michael:1/{PASSWORD}@localhost/office", f"DATABASE_URL: {ADDRESS}"),
    ],
)
def test_an_address_that_leads_nowhere(tmp_path: Path, url: str, reason: str):
    done = bullpen(cwd=tmp_path, DATABASE_URL=url)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"bullpen: {reason}")
    assert done.err.count("\n") == 1
    assert PASSWORD not in done.err


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://michael:{PASSWORD}@localhost/office",
        f"postgresql://michael:{PASSWORD}@localhost:port/office",
        f"postgresql://michael:{PASSWORD}@localhost:65536/office",
        f"postgresql://michael:{PASSWORD}@localhost:0/office",
        f"postgresql://michael:{PASSWORD}@[::1/office",
        f"postgresql://michael:1/{PASSWORD}@localhost/office",
        f"postgresql://michael:1#{PASSWORD}@localhost/office",
        f"postgresql://michael:1?{PASSWORD}@localhost/office",
        "localhost/office",
    ],
)
@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_URL_UNPOOLED"])
def test_what_is_no_address_is_not_repeated(monkeypatch, name: str, url: str):
    monkeypatch.setenv(name, url)
    with pytest.raises(StartupError) as raised:
        read()
    assert str(raised.value) == f"{name}: {ADDRESS}"


def test_a_database_that_does_not_exist(tmp_path: Path, shared_url: str):
    name = shared_url.rpartition("/")[2].partition("?")[0]
    done = bullpen(cwd=tmp_path, DATABASE_URL=shared_url.replace(name, "elsewhere"))
    assert (done.code, done.out) == (1, "")
    assert done.err.endswith(
        'elsewhere: database "elsewhere" does not exist; '
        "create it with createdb, or correct DATABASE_URL\n"
    )
    assert done.err.count("\n") == 1


def test_a_user_who_may_not_log_in(tmp_path: Path, url: str):
    role = url.rpartition("/")[2].partition("?")[0].replace("test", "role")
    fetch(url, f"CREATE ROLE {role} NOLOGIN")
    try:
        given = url.replace("postgres@", f"{role}:{PASSWORD}@")
        done = bullpen(cwd=tmp_path, DATABASE_URL=given)
    finally:
        fetch(url, f"DROP ROLE {role}")
    assert (done.code, done.out) == (1, "")
    assert done.err.endswith(
        f'role "{role}" is not permitted to log in; check the user and password in DATABASE_URL\n'
    )
    assert done.err.count("\n") == 1
    assert PASSWORD not in done.err


def test_something_that_is_no_postgres(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        speaking = threading.Thread(target=greet, args=[other])
        speaking.start()
        given = f"postgresql://michael:{PASSWORD}@127.0.0.1:{port}/office?sslmode=disable"
        done = bullpen("db", "check", cwd=tmp_path, DATABASE_URL=given)
        speaking.join()
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"bullpen: cannot reach the database at 127.0.0.1:{port}/office: ")
    assert done.err.count("\n") == 1
    assert PASSWORD not in done.err


def greet(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


@pytest.mark.parametrize("number", [90624, 130011, 140012])
def test_a_postgres_that_is_too_old(number: int):
    with pytest.raises(StartupError) as raised:
        require_version(number, "db.example:5432/office")
    assert str(raised.value) == (
        f"the Postgres at db.example:5432/office is version {number // 10000}; "
        "Bullpen needs 15 or newer"
    )


@pytest.mark.parametrize("number", [150000, 180006, 190000])
def test_a_postgres_that_is_new_enough(number: int):
    assert require_version(number, "db.example:5432/office") is None


def test_a_port_that_is_taken(tmp_path: Path):
    folder = tmp_path / "data"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = bullpen(cwd=tmp_path, BULLPEN_PORT=port, BULLPEN_DATA_DIR=str(folder))
    assert done == refused(
        f"port {port} on 127.0.0.1 is taken: stop what uses it, or choose another with BULLPEN_PORT"
    )
    assert not folder.exists()


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (
            {"BULLPEN_HOST": "nowhere.invalid"},
            "cannot listen on nowhere.invalid, port 0 (",
        ),
        (
            {"BULLPEN_HOST": "192.0.2.1"},
            "cannot listen on 192.0.2.1, port 0 (Cannot assign requested address): correct BULLPEN",
        ),
    ],
)
def test_an_address_that_cannot_be_listened_on(tmp_path: Path, given: dict[str, str], reason: str):
    folder = tmp_path / "data"
    done = bullpen(cwd=tmp_path, BULLPEN_DATA_DIR=str(folder), **given)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"bullpen: {reason}")
    assert done.err.count("\n") == 1
    assert not folder.exists()


def test_a_data_folder_that_is_a_file(tmp_path: Path):
    file = tmp_path / "data"
    file.write_text("mine")
    assert bullpen(cwd=tmp_path, BULLPEN_DATA_DIR=str(file)) == refused(
        f"{file} is a file, not a folder: {HINT}"
    )
    assert file.read_text() == "mine"


def test_a_data_folder_without_permission(tmp_path: Path):
    # Root may write everywhere else.
    folder = Path("/proc/bullpen") if os.geteuid() == 0 else tmp_path / "closed" / "data"
    if os.geteuid() != 0:
        folder.parent.mkdir(mode=stat.S_IRUSR | stat.S_IXUSR)
    done = bullpen(cwd=tmp_path, BULLPEN_DATA_DIR=str(folder))
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("bullpen: ")
    assert str(folder) in done.err
    assert done.err.endswith(f"{HINT}\n")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [(), ("db", "reset", "--yes")])
def test_a_pack_with_an_error_leaves_nothing_behind(tmp_path: Path, arguments: tuple[str, ...]):
    pack = SmallPack(tmp_path / "bakery")
    pack.change("messages/general.yaml", "from: ann", "from: anna")
    folder = tmp_path / "data"
    given = {"BULLPEN_DATA_DIR": str(folder), "BULLPEN_PACK": str(pack.folder)}
    done = bullpen(*arguments, cwd=tmp_path, **given)
    assert done == refused(
        "messages/general.yaml:3: from: 'anna' is not an agent of this pack; "
        "expected one of ann, bo, cy, di (did you mean ann?)"
    )
    assert not folder.exists()


def test_a_pack_with_an_error_writes_nothing_to_a_database(tmp_path: Path, empty_url: str):
    pack = SmallPack(tmp_path / "bakery")
    pack.change("channels.yaml", "kind: private", "kind: secret")
    done = bullpen("--pack", str(pack.folder), cwd=tmp_path, DATABASE_URL=empty_url)
    assert done.code == 1
    assert done.out == ""
    assert done.err.startswith("bullpen: channels.yaml:6: ")
    assert tables(empty_url) == []


def test_another_pack_does_not_mix_with_what_a_database_holds(tmp_path: Path, url: str):
    pack = SmallPack(tmp_path / "bakery")
    before = contents(url)
    done = bullpen("--pack", str(pack.folder), cwd=tmp_path, DATABASE_URL=url)
    assert done == refused(
        "this database holds the workspace 'dunder-mifflin', not 'bakery': "
        "give another DATABASE_URL, or start over with 'bullpen db reset'"
    )
    assert contents(url) == before
