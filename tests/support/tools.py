"""Other servers for the tests: a plain Debian Postgres, and PgBouncer before any Postgres."""

import functools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.support.ports import free_port

from bullpen.kit.postgres import account, log, process
from bullpen.kit.postgres.address import Address

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "debian_tools.py"
LONGEST = 30.0


@functools.cache
def debian_tool(name: str) -> Path:
    command = [sys.executable, str(SCRIPT), name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


@contextmanager
def stock_postgres(programs: Path, template: str = "{}") -> Iterator[str]:
    """A new cluster with its own defaults and no setting of ours, on a port of the loopback
    interface; yields the address of the database that is named."""
    with _working_folder() as around:
        data = around.folder / "data"
        initdb = ["-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        made = process.run(
            str(programs / "initdb"), [*initdb, "--locale=C.UTF-8"], around, signal.SIGKILL
        )
        assert made.returncode == 0, log.last_error(made.stderr)
        address = Address("127.0.0.1", free_port())
        settings = [f"port={address.port}", f"unix_socket_directories={around.folder}", "fsync=off"]
        arguments = [word for setting in settings for word in ("-c", setting)]
        postgres = str(programs / "postgres")
        with _running(postgres, ["-D", str(data), *arguments], around, signal.SIGINT, address):
            yield _url(address, template)


@contextmanager
def debian_postgres() -> Iterator[str]:
    with stock_postgres(debian_tool("postgresql-15"), "postgres") as url:
        yield url


@contextmanager
def pgbouncer(url: str, pool_size: int = 5) -> Iterator[str]:
    """In transaction mode; yields the URL of the same database through it."""
    target = urlsplit(url)
    asked = parse_qs(target.query)
    host = asked["host"][0] if "host" in asked else str(target.hostname)
    port = asked["port"][0] if "port" in asked else str(target.port or 5432)
    user = target.username or "postgres"
    # The folder of an embedded server's socket is for its own user alone.
    owner = Path(host).stat() if host.startswith("/") else None
    program = str(debian_tool("pgbouncer"))
    with _working_folder(owner) as around:
        address = Address("127.0.0.1", free_port())
        settings = around.folder / "pgbouncer.ini"
        password = f" password={target.password}" if target.password else ""
        settings.write_text(f"""\
[databases]
* = host={host} port={port} user={user}{password}
[pgbouncer]
listen_addr = {address.host}
listen_port = {address.port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {pool_size}
max_client_conn = 500
""")
        with _running(program, [str(settings)], around, signal.SIGTERM, address):
            yield _url(address, target.path.removeprefix("/"))


def _url(address: Address, database: str) -> str:
    return f"postgresql://postgres@{address.host}:{address.port}/{database}"


@contextmanager
def _working_folder(owner: os.stat_result | None = None) -> Iterator[process.Surroundings]:
    """Of whom the server is to run as, where that user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="bullpen-tests-"))
    who = account.choose(folder, None)
    if who is not None and owner is not None:
        who = account.Account(owner.st_uid, owner.st_gid, "owner")
    folder.chmod(0o755)
    account.give(who, folder)
    lock = os.open(os.devnull, os.O_RDONLY)
    try:
        yield process.Surroundings(folder, who, lock)
    finally:
        os.close(lock)
        shutil.rmtree(folder)


@contextmanager
def _running(
    program: str,
    arguments: list[str],
    around: process.Surroundings,
    stop_signal: signal.Signals,
    address: Address,
) -> Iterator[None]:
    with (around.folder / "log").open("w+") as output:
        server = process.start(program, arguments, around, stop_signal, output.fileno())
        try:
            deadline = time.monotonic() + LONGEST
            while not address.accepts():
                assert server.poll() is None, (around.folder / "log").read_text()
                assert time.monotonic() < deadline, (around.folder / "log").read_text()
                time.sleep(0.01)
            yield
        finally:
            server.send_signal(stop_signal)
            server.wait(LONGEST)
