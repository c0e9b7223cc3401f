"""A program that is a fork says and does what it does in an interpreter of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.ports import free_port
from tests.support.program import (
    SECONDS,
    bullpen,
    finish,
    is_alive,
    running,
    start,
    until,
)

AWAY = {"DATABASE_URL": "postgresql://127.0.0.1:1/none"}


@pytest.mark.parametrize(
    "arguments",
    [("--version",), ("user", "nobody"), ("token", "create", "-h"), ("db", "check")],
    ids=" ".join,
)
def test_a_fork_ends_as_the_program_does(tmp_path: Path, arguments: tuple[str, ...]):
    forked = bullpen(*arguments, cwd=tmp_path, **AWAY)
    assert forked == finish(start(*arguments, cwd=tmp_path, python=sys.executable, **AWAY))


def test_a_fork_serves_as_the_program_does(tmp_path: Path, shared_url: str):
    given = {"DATABASE_URL": shared_url, "BULLPEN_PORT": str(free_port())}

    def lived(python: str | None) -> tuple[object, ...]:
        with running("--team", cwd=tmp_path, python=python, **given) as program:
            pid = program.process.pid
            said = [line for line in program.said if "setup#" not in line]
            groups = os.getsid(pid) == os.getpgid(pid) == pid
            signals = re.findall(r"^Sig.*", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
            cwd = Path(f"/proc/{pid}/cwd").readlink()
            status = program.get("/api/session").status_code
            code, _ = program.stop()
        return said, groups, signals, cwd, status, code, program.complained

    assert lived(None) == lived(sys.executable)


def test_a_fork_that_is_killed_says_so_and_keeps_its_number_until_it_is_asked(
    tmp_path: Path, shared_url: str
):
    process = start(cwd=tmp_path, DATABASE_URL=shared_url)
    assert process.poll() is None
    os.kill(process.pid, signal.SIGKILL)
    until(lambda: not is_alive(process.pid))
    assert Path(f"/proc/{process.pid}").exists()
    assert process.wait(SECONDS) == -signal.SIGKILL
    until(lambda: not Path(f"/proc/{process.pid}").exists())
    process.communicate()


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
        asking = start("db", "check", cwd=tmp_path, DATABASE_URL=url)
        with pytest.raises(subprocess.TimeoutExpired):
            asking.communicate(0.5)
        assert asking.wait(SECONDS) == -signal.SIGKILL
    assert bullpen("--version", cwd=tmp_path).code == 0
