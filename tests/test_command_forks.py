"""A command that is run as a fork says and does what it does as a program of its own."""

import socket
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
    for number in ("1", "2"):
        folder = tmp_path / number
        folder.mkdir()
        (folder / "own.env").write_text(f"DATABASE_URL=postgresql://127.0.0.1:{number}/none\n")
        checked = bullpen("--env-file", "own.env", "db", "check", cwd=folder)
        assert f"127.0.0.1:{number}/none" in checked.err
    named = bullpen(
        *("--env-file", "own.env", "db", "check"),
        cwd=tmp_path / "2",
        DATABASE_URL="postgresql://127.0.0.1:3/none",
    )
    assert "127.0.0.1:3/none" in named.err
    again = bullpen("--env-file", "own.env", "db", "check", cwd=tmp_path / "2")
    assert "127.0.0.1:2/none" in again.err


def test_a_fork_that_does_not_end_is_ended(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://127.0.0.1:{silent.getsockname()[1]}/none"
        with pytest.raises(TimeoutError):
            forks().run(("db", "check"), tmp_path, environment(DATABASE_URL=url), 0.5)
    assert bullpen("--version", cwd=tmp_path).code == 0
