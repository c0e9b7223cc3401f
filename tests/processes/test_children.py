"""The processes under a server are forks of one that has loaded the program."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.program import (
    SECONDS,
    Program,
    descendants,
    is_alive,
    named,
    process_name,
    running,
    until,
    web_processes,
    workers,
)

WRITABLE = 0o3
HOLDING = """
import os
from pathlib import Path
from bullpen.processes import preloaded

held = os.open("/dev/null", os.O_RDONLY)
os.set_inheritable(held, True)
pid, requests = preloaded.begin([])
opened = Path(f"/proc/{pid}/fd")
while len(list(opened.iterdir())) != 4:
    pass
print(sorted(int(entry.name) for entry in opened.iterdir() if int(entry.name) < 3), held)
requests.close()
print(os.waitpid(pid, 0)[1], Path(f"/proc/{pid}").exists())
"""


def started(program: Program) -> int:
    """Its pid, once its processes are there."""
    pid = program.process.pid
    until(lambda: len(web_processes(pid)) == 2 and len(workers(pid)) == 1)
    return pid


def gone(pid: int) -> bool:
    """Also waited for: no zombie is left."""
    return not Path(f"/proc/{pid}").exists()


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    until(lambda: gone(pid))


def kill_and_see_replaced(pid: int, kind: Callable[[int], list[int]]) -> None:
    before = kind(pid)
    kill(before[0])
    until(lambda: len(kind(pid)) == len(before))
    assert set(before[1:]) < set(kind(pid))


def opened(pid: int) -> dict[int, str]:
    folder = Path(f"/proc/{pid}/fd")
    return {int(entry.name): str(entry.readlink()) for entry in folder.iterdir()}


def pipes(pid: int) -> int:
    return sum(path.startswith("pipe:") for path in opened(pid).values())


def writers(pipe: str, pids: list[int]) -> list[int]:
    found = []
    for pid in pids:
        for descriptor, path in opened(pid).items():
            info = Path(f"/proc/{pid}/fdinfo/{descriptor}").read_text()
            if path == pipe and int(info.split("flags:")[1].split()[0], 8) & WRITABLE:
                found.append(pid)
    return found


def test_processes_that_are_killed_are_replaced_also_without_the_preloaded_one(
    tmp_path: Path, url: str
):
    given = {"DATABASE_URL": url, "BULLPEN_AGENTS": "on"}
    with running("--workers", "2", cwd=tmp_path, **given) as program:
        pid = started(program)
        held = pipes(pid)
        kill_and_see_replaced(pid, web_processes)
        kill_and_see_replaced(pid, workers)
        # Those to a process that has ended are closed.
        until(lambda: pipes(pid) == held)
        [preloaded] = named("bullpen-preload", pid)
        before = [*web_processes(pid), *workers(pid)]
        kill(preloaded)
        # What it has started goes on, as children of somebody else.
        assert all(map(is_alive, before))
        for child in before:
            kill(child)
        started(program)
        assert program.get("/api/health").json()["database"] == "connected"
        assert named("bullpen-preload", pid) == []
        everything = descendants(pid)
        assert program.stop()[0] == 0
        assert [child for child in everything if is_alive(child)] == []
    assert program.complained == []


@pytest.mark.parametrize("preloaded_is_killed", [False, True])
def test_nothing_outlives_a_killed_server(tmp_path: Path, url: str, preloaded_is_killed: bool):
    given = {"DATABASE_URL": url, "BULLPEN_AGENTS": "on"}
    with running("--workers", "2", cwd=tmp_path, **given) as program:
        pid = started(program)
        everything = descendants(pid)
        names = sorted(map(process_name, everything))
        assert names == ["bullpen-preload", "bullpen-web", "bullpen-web", "bullpen-worker"]
        if preloaded_is_killed:
            kill(named("bullpen-preload", pid)[0])
        program.process.kill()
        until(lambda: not any(map(is_alive, everything)))


def test_each_process_has_only_the_descriptors_that_are_for_it(tmp_path: Path, url: str):
    given = {"DATABASE_URL": url, "BULLPEN_AGENTS": "on"}
    with running("--workers", "2", cwd=tmp_path, **given) as program:
        pid = started(program)
        below = descendants(pid)
        web, [worker] = web_processes(pid), workers(pid)
        [preloaded] = named("bullpen-preload", pid)
        streams = opened(pid)
        held_open = {child: list(opened(child).values()) for child in below}
        first, last = opened(preloaded), opened(worker)
        assert (first.pop(0), first.pop(1), first.pop(2)) == (
            "/dev/null",
            streams[1],
            streams[2],
        )
        [asked] = first.values()
        assert asked.startswith("socket:")
        assert (last[1], last[2]) == (streams[1], streams[2])
        # Each reads the end of the server from a pipe that nobody else writes to.
        for child in (*web, worker):
            assert writers(opened(child)[0], [pid, *below]) == [pid]
            assert asked not in held_open[child]
        listeners = {
            path
            for path in held_open[web[0]]
            if path.startswith("socket:") and path in streams.values()
        }
        assert len(listeners) == 1
        holding = [child for child in below if listeners & set(held_open[child])]
        assert sorted(holding) == sorted(web)


def test_the_preloaded_process_holds_nothing_of_the_server_and_ends_when_nobody_can_ask_it():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", HOLDING],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "[0, 1, 2] 3\n0 False\n", "")
