"""A command that is run as a fork says and does what it does as a program of its own."""

import os
from pathlib import Path

import pytest

from tests.support.command_forks import forks
from tests.support.program import bullpen, environment, finish, start

AWAY = {"DATABASE_URL": "postgresql://127.0.0.1:1/none"}


@pytest.mark.parametrize(
    "arguments",
    [("--version",), ("user", "nobody"), ("token", "create", "-h"), ("db", "check")],
    ids=" ".join,
)
def test_a_fork_ends_as_the_program_does(tmp_path: Path, arguments: tuple[str, ...]):
    forked = bullpen(*arguments, cwd=tmp_path, **AWAY)
    assert forked == finish(start(*arguments, cwd=tmp_path, **AWAY))


def test_a_fork_has_the_folder_and_the_environment_that_it_was_given(tmp_path: Path):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder, port in ((first, "1"), (second, "2")):
        folder.mkdir()
        (folder / ".env").write_text(f"DATABASE_URL=postgresql://127.0.0.1:{port}/none\n")
        assert f"127.0.0.1:{port}/none" in bullpen("db", "check", cwd=folder).err
    assert (
        "127.0.0.1:3/none"
        in bullpen("db", "check", cwd=second, DATABASE_URL="postgresql://127.0.0.1:3/none").err
    )
    assert "127.0.0.1:2/none" in bullpen("db", "check", cwd=second).err


def test_a_fork_that_does_not_end_is_ended(tmp_path: Path):
    fifo = tmp_path / "settings"
    os.mkfifo(fifo)
    with pytest.raises(TimeoutError):
        forks().run(("--env-file", str(fifo), "db", "check"), tmp_path, environment(), 0.5)
    assert bullpen("--version", cwd=tmp_path).code == 0
