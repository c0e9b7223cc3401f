"""One embedded Postgres for the whole run; each test's database is a clone of a seeded template."""

import gc
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest
from tests.support.bundled import bundled_pack
from tests.support.interrupts import hear_interrupts
from tests.support.loops import run_to_end
from tests.support.serving import Served, serving
from tests.support.statements import Statements
from tests.support.tools import debian_tool, stock_postgres

from bullpen.kit.database import connect
from bullpen.kit.postgres import EmbeddedPostgres
from bullpen.kit.postgres.binaries import find
from bullpen.migrations.run import migrate
from bullpen.packs.seed import seed

ANCHOR = date(2026, 3, 4)
ZONE = ZoneInfo("America/New_York")
TEMPLATE = "bullpen_template"
# What it is made of: the tables, with nothing in them.
MIGRATED = "bullpen_migrated"
NEWEST_EVENT = "SELECT max(id) FROM events"
ADDRESS = "BULLPEN_TEST_POSTGRES"
BROWSER = "BULLPEN_BROWSER"
# Which Postgres the tests run on: the embedded one, or, with the configuration that every new
# cluster has, Debian's or the newest (`make test-stock`).
SERVER = "BULLPEN_TEST_SERVER"

# Also the keys of models: no test reaches a real provider.
FOREIGN = (
    *("BULLPEN_", "DATABASE_URL", "SENTRY_", "OTEL_", "ANTHROPIC_", "OPENAI_", "GOOGLE_"),
    *("GEMINI_", "OLLAMA_", "VLLM_", "CLAUDE_"),
)

Result = TypeVar("Result")

_servers = ExitStack()
_statements = Statements()
# The database of the test before, see `drop_database`.
_left: list[str] = []


# A database is some three hundred files: on a disk, making them takes most of a test's time.
IN_MEMORY = Path("/dev/shm")
ENOUGH_BYTES = 4_000_000_000


def keep_files_in_memory() -> None:
    """Where the machine has a file system of that kind, with room, and programs start from it."""
    if not os.access(IN_MEMORY, os.W_OK) or shutil.disk_usage(IN_MEMORY).free < ENOUGH_BYTES:
        return
    if os.statvfs(IN_MEMORY).f_flag & os.ST_NOEXEC:
        return
    tempfile.tempdir = str(IN_MEMORY)
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(IN_MEMORY)


def keep_bytecode() -> None:
    """Of the tests and of the program: otherwise each process compiles all that it loads."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def pytest_configure(config: pytest.Config) -> None:
    keep_files_in_memory()
    keep_bytecode()
    hear_interrupts()
    # Settings of whoever runs the tests must not reach the programs that the tests start.
    for name in [n for n in os.environ if n.startswith(FOREIGN)]:
        if name not in (ADDRESS, BROWSER, SERVER):
            del os.environ[name]
    if hasattr(config, "workerinput"):
        return
    os.environ[ADDRESS] = _servers.enter_context(postgres_of(os.environ.get(SERVER, "embedded")))
    administer(f'CREATE DATABASE "{MIGRATED}"')
    complete(migrate(address(MIGRATED)))
    copy_database(MIGRATED, TEMPLATE)
    complete(fill_template(address(TEMPLATE)))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """Without the collector, and out of its sight afterwards: all that is loaded here stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_unconfigure() -> None:
    _statements.close()
    _servers.close()


@contextmanager
def postgres_of(kind: str) -> Iterator[str]:
    """The address of a database of it, with `{}` for the name."""
    if kind == "embedded":
        with tempfile.TemporaryDirectory(prefix="bullpen-tests-") as folder:
            Path(folder).chmod(0o755)
            # Each process of tests has servers and workers on it.
            postgres = EmbeddedPostgres.start(Path(folder), connections=300)
            try:
                yield postgres.url("{}")
            finally:
                postgres.stop()
                os.environ.pop(ADDRESS, None)
    else:
        programs = {"debian": lambda: debian_tool("postgresql-15"), "newest": lambda: find().folder}
        with stock_postgres(programs[kind](), "{}") as url:
            yield url


def complete(work: Coroutine[object, object, Result]) -> Result:
    """In a thread of its own: while a browser is open, its loop is the one of the test's thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run_to_end, work).result()


def address(name: str) -> str:
    return os.environ[ADDRESS].replace("%7B%7D", name).replace("{}", name)


async def fill_template(url: str) -> None:
    """A database that is empty, or migrated already."""
    await migrate(url)
    connection = await connect(url, pooled=False)
    try:
        async with connection.transaction():
            await seed(connection, bundled_pack(), ANCHOR, ZONE)
    finally:
        await connection.close()


def administer(sql: str) -> None:
    _statements.fetch(address("postgres"), sql)


def copy_database(template: str, name: str) -> None:
    # Its files are copied as they are: the write-ahead log of every page takes longer.
    administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')


def drop_database(name: str) -> None:
    """At the next call: the sessions of a server that has just stopped are still ending, and
    Postgres waits for them a tenth of a second at a time."""
    _statements.forget(address(name))
    for left in _left:
        administer(f'DROP DATABASE IF EXISTS "{left}" WITH (FORCE)')
    _left[:] = [name]


@contextmanager
def database_of(template: str) -> Iterator[str]:
    """A clone of that database, which is dropped at the end."""
    name = f"test_{secrets.token_hex(6)}"
    copy_database(template, name)
    try:
        yield address(name)
    finally:
        drop_database(name)


@pytest.fixture
def empty_url() -> Iterator[str]:
    """A database with nothing in it."""
    with database_of("template0") as url:
        yield url


@pytest.fixture
def migrated_url() -> Iterator[str]:
    """A database with the tables, and nothing in them."""
    with database_of(MIGRATED) as url:
        yield url


@pytest.fixture
def url() -> Iterator[str]:
    """A database of the test's own, with the bundled workspace."""
    with database_of(TEMPLATE) as url:
        yield url


@pytest.fixture(scope="session")
def shared_url() -> Iterator[str]:
    """The bundled workspace, for tests that only read."""
    with database_of(TEMPLATE) as url:
        yield url


@pytest.fixture(scope="session")
def shared_server(shared_url: str) -> Iterator[Served]:
    with serving(shared_url) as served:
        yield served


@pytest.fixture
def server(url: str) -> Iterator[Served]:
    with serving(url) as served:
        yield served


def statement_on(url: str) -> Callable[..., list[asyncpg.Record]]:
    """Runs one statement on that database."""

    def run(sql: str, *args: object) -> list[asyncpg.Record]:
        return _statements.fetch(url, sql, *args)

    return run


@pytest.fixture
def run_sql(url: str) -> Callable[..., list[asyncpg.Record]]:
    """Runs one statement on the test's own database."""
    return statement_on(url)


@contextmanager
def clients_of(served: Served) -> Iterator[Callable[[str], httpx.Client]]:
    """Makes clients of a server that act as the given users, and closes them."""
    with ExitStack() as clients:
        yield lambda user_id: clients.enter_context(closing(served.client(user_id)))


@pytest.fixture
def reader(shared_server: Served) -> Iterator[Callable[[str], httpx.Client]]:
    """A client of the shared server that acts as the given user."""
    with clients_of(shared_server) as make:
        yield make


@pytest.fixture
def acting(server: Served) -> Iterator[Callable[[str], httpx.Client]]:
    """A client of the test's own server that acts as the given user."""
    with clients_of(server) as make:
        yield make


@pytest.fixture(scope="session")
def refusing_server() -> Iterator[tuple[str, Served]]:
    with database_of(TEMPLATE) as url, serving(url) as served:
        yield url, served


@pytest.fixture
def refusing(refusing_server: tuple[str, Served]) -> Iterator[Callable[[str], httpx.Client]]:
    """A client as the given user, for requests that are refused: a change fails the test.

    Its server is shared, since nothing changes on it.
    """
    url, served = refusing_server
    before = _statements.fetch(url, NEWEST_EVENT)
    with clients_of(served) as make:
        yield make
    assert _statements.fetch(url, NEWEST_EVENT) == before
