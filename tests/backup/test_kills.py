"""Backups and restores that are killed, at moments that are found by looking."""

import asyncio
import random
import signal
from pathlib import Path

import pytest
from asyncpg import Connection
from tests.support.backups import back_up, done, holds, restore, write_much
from tests.support.catalog import fetch
from tests.support.fixtures import complete
from tests.support.program import Done, bullpen, end, finish, start, until

from bullpen.backup import marker
from bullpen.backup.place import Place, claimed

pytestmark = pytest.mark.timeout(300)

KILLS = 2
IS_MARKED = "SELECT to_regclass('bullpen_restore') IS NOT NULL"


# A restore makes the tables first: so slowly that it is still at it when a signal comes.
SLOW = (
    "CREATE SCHEMA waiting",
    """
    CREATE FUNCTION waiting.wait() RETURNS event_trigger LANGUAGE plpgsql
    AS $$ BEGIN PERFORM pg_sleep(0.02); END $$
    """,
    "CREATE EVENT TRIGGER waiting ON ddl_command_end EXECUTE FUNCTION waiting.wait()",
)
QUICK = ("DROP EVENT TRIGGER waiting", "DROP SCHEMA waiting CASCADE")


def do(url: str, statements: tuple[str, ...]) -> None:
    for statement in statements:
        fetch(url, statement)


def unfinished(source: Path) -> Done:
    return Done(
        1,
        "",
        f"bullpen: the restore of {source} has not finished, so there is no whole workspace here:"
        f" if it is not running any more, run 'bullpen restore {source}' again\n",
    )


def test_a_backup_that_a_signal_ends_leaves_no_file(tmp_path: Path, url: str):
    write_much(url)
    target, partial = tmp_path / "killed.backup", tmp_path / "killed.backup.partial"
    for by in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
        process = start("backup", str(target), cwd=tmp_path, DATABASE_URL=url)
        try:
            until(lambda: partial.exists() and partial.stat().st_size > 0)
            process.send_signal(by)
            ended = finish(process)
        finally:
            end(process)
        assert ended.code != 0, by
        assert not target.exists(), by
        assert partial.exists() == (by == signal.SIGKILL), by
    # What the killed one left is no obstacle, and goes.
    done(back_up(url, target))
    assert target.exists()
    assert not partial.exists()


def kill_restore(url: str, source: Path, chance: random.Random) -> bool:
    """Somewhere between the mark and the end; false if the restore was quicker."""
    # A place of its own, whatever is in the user's data folder.
    folder = str(source.parent / "restored")
    process = start(
        "restore", str(source), cwd=source.parent, DATABASE_URL=url, BULLPEN_DATA_DIR=folder
    )
    try:
        until(lambda: process.poll() is not None or fetch(url, IS_MARKED)[0][0])
        until(lambda: process.poll() is not None or chance.random() < 0.02)
        process.kill()
        finish(process)
    finally:
        end(process)
    return bool(fetch(url, IS_MARKED)[0][0])


def test_a_restore_that_is_killed_can_be_done_again_and_is_not_served(
    tmp_path: Path, url: str, empty_url: str
):
    source = tmp_path / "killed.backup"
    done(back_up(url, source))
    do(empty_url, SLOW)
    chance = random.Random(5)
    kills = 0
    while kills < KILLS and kill_restore(empty_url, source, chance):
        kills += 1
        served = bullpen(cwd=tmp_path, DATABASE_URL=empty_url)
        assert served == unfinished(source), kills
    assert kills == KILLS
    do(empty_url, QUICK)
    fetch(
        empty_url,
        "CREATE TABLE IF NOT EXISTS bullpen_restore AS SELECT $1::text AS file",
        str(source),
    )
    for command in (("db", "check"), ("db", "seed"), ("backup", str(tmp_path / "x")), ("worker",)):
        refused = bullpen(*command, cwd=tmp_path, DATABASE_URL=empty_url, BULLPEN_AGENTS="on")
        assert refused == unfinished(source), command
    done(restore(empty_url, source, "--keep-sessions"))
    assert holds(empty_url) == holds(url)


def test_a_restore_that_is_interrupted_takes_everything_back(tmp_path: Path, url: str):
    source = tmp_path / "interrupted.backup"
    done(back_up(url, source))
    before = holds(url)
    do(url, SLOW)
    folder = str(tmp_path / "restored")
    process = start(
        *("restore", str(source), "--replace"),
        cwd=tmp_path,
        DATABASE_URL=url,
        BULLPEN_DATA_DIR=folder,
    )
    try:
        until(lambda: process.poll() is not None or fetch(url, IS_MARKED)[0][0])
        process.send_signal(signal.SIGINT)
        assert finish(process).code == 130
    finally:
        end(process)
    do(url, QUICK)
    assert holds(url) == before


def test_a_restore_that_is_interrupted_as_it_marks_its_place_leaves_no_mark(
    tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
):
    mark = marker.mark

    async def interrupted(connection: Connection, file: str) -> None:
        await mark(connection, file)
        raise asyncio.CancelledError

    async def claim() -> None:
        async with claimed(Place(url, tmp_path), "x", replace=True, say=lambda _: None):
            pytest.fail("it was not interrupted")

    monkeypatch.setattr(marker, "mark", interrupted)
    with pytest.raises(asyncio.CancelledError):
        complete(claim())
    assert fetch(url, IS_MARKED)[0][0] is False


def test_resetting_ends_an_unfinished_restore(tmp_path: Path, url: str):
    fetch(url, "CREATE TABLE bullpen_restore (file text NOT NULL)")
    fetch(url, "INSERT INTO bullpen_restore VALUES ('/lost.backup')")
    assert bullpen("db", "check", cwd=tmp_path, DATABASE_URL=url) == unfinished(
        Path("/lost.backup")
    )
    assert bullpen("db", "reset", "--yes", cwd=tmp_path, DATABASE_URL=url).code == 0
    assert bullpen("db", "check", cwd=tmp_path, DATABASE_URL=url).code == 0
