import asyncio
import os
import shutil
import tempfile
from pathlib import Path

import asyncpg
import pytest

from bullpen.kit.errors import StartupError
from bullpen.kit.postgres import EmbeddedPostgres
from tests.support.tools import debian_postgres, debian_tool, pgbouncer


def ask(url, statements):
    """Each on a connection of its own, all of them open at once."""

    async def asked():
        connections = [await asyncpg.connect(url, statement_cache_size=0) for _ in statements]
        try:
            return [
                await one.fetchval(statement)
                for one, statement in zip(connections, statements, strict=True)
            ]
        finally:
            for one in connections:
                await one.close()

    return asyncio.run(asked())


@pytest.fixture(scope="module")
def plain_postgres():
    with debian_postgres() as url:
        yield url


def test_debian_postgres_is_another_than_the_embedded_one(plain_postgres):
    (version,) = ask(plain_postgres, ["show server_version_num"])
    assert 15 <= int(version) // 10000 < 18


def test_pgbouncer_shares_one_connection_among_clients(plain_postgres):
    with pgbouncer(plain_postgres, pool_size=1) as url:
        pids = ask(url, ["select pg_backend_pid()"] * 5)
    assert len(set(pids)) == 1
    assert len(set(ask(plain_postgres, ["select pg_backend_pid()"] * 5))) == 5


def test_pgbouncer_stands_before_an_embedded_server(tmp_path):
    server = EmbeddedPostgres.start(tmp_path / "data")
    try:
        server.create_database("chat")
        with pgbouncer(server.url("chat")) as url:
            assert ask(url, ["select current_database()::text"]) == ["chat"]
    finally:
        server.stop()


@pytest.fixture
def open_folder():
    """One that every user can enter, which tmp_path is not."""
    folder = Path(tempfile.mkdtemp(prefix="bullpen-tests-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_launcher_takes_any_folder_of_programs(open_folder):
    data_dir = open_folder / "data"
    server = EmbeddedPostgres.start(data_dir, binaries=debian_tool("postgresql-15"))
    try:
        url = server.url("postgres")
        version, encoding, lower = ask(
            url,
            ["show server_version_num", "show server_encoding", "select lower('ÀÉÎ Ж')"],
        )
        assert (data_dir / f"postgres-{int(version) // 10000}" / "PG_VERSION").exists()
        assert (encoding, lower) == ("UTF8", "àéî ж")
    finally:
        server.stop()


def test_data_out_of_reach_of_an_older_postgres_is_explained(tmp_path):
    """Under root's own home, for the user that root's server runs as."""
    programs = debian_tool("postgresql-15")
    if os.geteuid() == 0 and programs.parent.name == "15":
        with pytest.raises(StartupError, match="set BULLPEN_DATA_DIR to a folder outside"):
            EmbeddedPostgres.start(tmp_path / "data", binaries=programs)
    else:
        EmbeddedPostgres.start(tmp_path / "data", binaries=programs).stop()
