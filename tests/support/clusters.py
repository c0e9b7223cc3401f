"""A Postgres of a test's own, to be stopped and refused by, and a PgBouncer in front of one."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.support.ports import free_port
from tests.support.program import until

from bullpen.kit.postgres import EmbeddedPostgres

ROOT = Path(__file__).resolve().parents[2]
# Fewer than clients, so that these take turns with the servers.
SERVERS = 4


class Cluster:
    def __init__(self, folder: Path, binaries: Path | None = None) -> None:
        self._folder = folder
        self._binaries = binaries
        self.start()

    def start(self) -> None:
        """Also again, at the same address."""
        self._postgres = EmbeddedPostgres.start(self._folder, binaries=self._binaries)

    def stop(self) -> None:
        self._postgres.stop()

    def kill(self) -> None:
        """As the kernel does it; it is up again afterwards. From the main thread."""
        os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        until(lambda: not self._postgres.is_alive())
        self._postgres.ensure()

    def url(self, database: str) -> str:
        return self._postgres.url(database)

    def create(self, database: str) -> str:
        self._postgres.create_database(database)
        return self.url(database)

    @property
    def sockets(self) -> Path:
        return Path(parse_qs(urlsplit(self.url("postgres")).query)["host"][0])

    @property
    def data(self) -> Path:
        (found,) = self._folder.glob("postgres-*")
        return found


@contextmanager
def cluster(binaries: Path | None = None) -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory(prefix="bullpen-cluster-") as folder:
        # For whom a root becomes; the data and the socket have folders that are theirs alone.
        Path(folder).chmod(0o755)
        made = Cluster(Path(folder), binaries)
        try:
            yield made
        finally:
            made.stop()


def provided(tool: str) -> Path:
    script = ROOT / "scripts" / "debian_tools.py"
    done = subprocess.run(
        [sys.executable, script, tool], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


@contextmanager
def pooler(behind: Cluster) -> Iterator[str]:
    """In transaction mode; the address without the database's name."""
    port = free_port()
    owner = behind.sockets.stat()
    with tempfile.TemporaryDirectory(prefix="bullpen-pooler-") as folder:
        settings = Path(folder) / "pgbouncer.ini"
        settings.write_text(
            f"""
[databases]
* = host={behind.sockets} port=5432 user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {SERVERS}
max_client_conn = 200
"""
        )
        Path(folder).chmod(0o755)
        # It refuses to run as root, and the socket is its owner's alone.
        given = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
        process = subprocess.Popen(
            [provided("pgbouncer"), "--quiet", settings],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **(given if os.geteuid() == 0 else {}),
        )
        try:
            until(lambda: process.poll() is not None or listens(port))
            assert process.poll() is None, "PgBouncer did not start"
            yield f"postgresql://postgres@127.0.0.1:{port}/"
        finally:
            process.kill()
            process.wait()


def listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0
