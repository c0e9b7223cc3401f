import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from tests.support.postgres_running import is_over, server_pid, sql


def test_first_start_makes_a_database_that_later_starts_find_again(new_folder, start):
    first = start(new_folder)
    assert first.owned
    sql(first.url("postgres"), "create table kept as select 7 as seven")
    first.stop()
    again = start(new_folder)
    assert again.owned
    assert sql(again.url("postgres"), "select seven from kept") == "7"


def test_any_path_will_do(folders, whole_cluster, start):
    server = start(folders("with a space, q?=&%é", like=whole_cluster))
    assert sql(server.url("postgres"), "select 1") == "1"


def test_first_start_in_a_path_longer_than_a_socket_can_have(folders, start):
    folder = folders("long " + "x" * 120)
    assert sql(start(folder).url("postgres"), "select 1") == "1"


def test_url_works_for_every_driver_whatever_the_environment_says(data_dir, start, monkeypatch):
    server = start(data_dir)
    server.create_database("a b/c%")
    for name, value in {
        "PGHOST": "nowhere",
        "PGPORT": "1",
        "PGUSER": "x",
        "PGDATABASE": "y",
    }.items():
        monkeypatch.setenv(name, value)
    url = server.url("a b/c%")

    async def through_asyncpg():
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval("select current_database()")
        finally:
            await connection.close()

    async def through_sqlalchemy():
        engine = create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"))
        async with engine.connect() as connection:
            found = await connection.scalar(text("select current_database()"))
        await engine.dispose()
        return found

    assert sql(url, "select current_database()") == "a b/c%"
    assert asyncio.run(through_asyncpg()) == "a b/c%"
    assert asyncio.run(through_sqlalchemy()) == "a b/c%"


def test_is_utf8_whatever_the_locale(new_folder, program):
    first = program(new_folder, environment={"LANG": "C", "LC_ALL": "C"})
    url = first.answer()["url"]
    assert sql(url, "show server_encoding") == "UTF8"
    assert sql(url, "select lower('ÀÉÎÕÜ Ж')") == "àéîõü ж"
    found = "select to_tsvector('simple', 'ÜNTER École') @@ to_tsquery('simple', 'ünter & ÉCOLE')"
    assert sql(url, found) == "t"


def test_is_safe_by_default(data_dir, start):
    server = start(data_dir)
    url = server.url("postgres")
    (folder,) = [Path(sql(url, "show unix_socket_directories"))]
    assert folder.stat().st_mode & 0o777 == 0o700
    assert sql(url, "show listen_addresses") == ""
    assert sql(url, "show fsync") == "on"
    assert sql(url, "show data_checksums") == "on"
    assert sql(url, "show max_connections") == "100"
    hosts = sql(url, "select distinct auth_method from pg_hba_file_rules where type = 'host'")
    assert hosts == "reject"


def test_it_accepts_as_many_connections_as_it_is_started_for(data_dir, start):
    url = start(data_dir, connections=170).url("postgres")
    assert sql(url, "show max_connections") == "170"


def test_keys_of_the_environment_do_not_reach_it(data_dir, start, monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "secret-of-the-owner")
    monkeypatch.setenv("PGOPTIONS", "-c work_mem=77kB")
    start(data_dir)
    environment = Path(f"/proc/{server_pid(data_dir)}/environ").read_bytes()
    assert b"PATH=" in environment
    assert b"secret" not in environment
    assert b"PGOPTIONS" not in environment


def test_creates_a_database_once(data_dir, start):
    server = start(data_dir)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(server.create_database, ['it\'s "mine"'] * 4))
    names = sql(server.url("postgres"), "select datname from pg_database")
    assert names.split("\n").count('it\'s "mine"') == 1
    encoding = sql(server.url('it\'s "mine"'), "show server_encoding")
    assert encoding == "UTF8"


def test_a_copied_data_folder_leaves_the_original_alone(data_dir, folders, start):
    start(data_dir).stop()
    copied = folders("copy", like=data_dir)
    original = start(data_dir)
    copy = start(copied)
    assert copy.owned
    assert copy.url("postgres") != original.url("postgres")
    original.ensure()
    assert sql(original.url("postgres"), "select 1") == "1"
    assert sql(copy.url("postgres"), "select 1") == "1"


def test_stopping_leaves_no_process_and_no_folder_outside(data_dir, start):
    server = start(data_dir)
    folder = Path(sql(server.url("postgres"), "show unix_socket_directories"))
    pid = server_pid(data_dir)
    server.stop()
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_stays_stopped(data_dir, start):
    server = start(data_dir)
    server.stop()
    server.ensure()
    assert not server.owned
    assert is_over(data_dir)
    server.stop()
