"""The program in processes of its own that are forks of one that has loaded it.

To load the program takes most of a short command's time and of a server's start, and tests start
it some hundred times. A fork has its own session, folder, environment and signals, as a process
that a test starts by itself does. The web processes and the worker under a server are forks of
its own preloaded process, as outside tests.

What loads the program anew: `start` and `running` with a `python`, for tests of how it loads.
"""

import atexit
import contextlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, TextIO

from bullpen.processes.preloaded import fork_for_each

ROOT = Path(__file__).resolve().parents[2]
LOADED = (
    "bullpen.__main__",
    "bullpen.backup.restore",
    "bullpen.backup.save",
    "bullpen.migrations.develop",
    "bullpen.migrations.run",
    "bullpen.packs.seed",
    "bullpen.processes.foreground",
    "bullpen.processes.web_main",
    "bullpen.processes.worker_main",
)
# What Python or the C library reads once, as a program starts.
READ_AT_START = ("PYTHON", "LC_", "LANG", "LD_")
LARGEST = 1_000_000


class Fork:
    """What tests use of `subprocess.Popen[str]`."""

    def __init__(
        self,
        pid: int,
        status: socket.socket,
        stdout: TextIO | None = None,
        stderr: TextIO | None = None,
    ) -> None:
        self.pid = pid
        self.stdout = stdout
        self.stderr = stderr
        self.returncode: int | None = None
        self._status = status

    def poll(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            self._status.settimeout(timeout)
            try:
                self.returncode = int(self._status.recv(LARGEST))
            except (BlockingIOError, TimeoutError):
                raise subprocess.TimeoutExpired(f"fork {self.pid}", timeout or 0) from None
            # From now on its number may be that of another process.
            self._status.close()
        return self.returncode

    def send_signal(self, wanted: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, wanted)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it has written once it has ended; the time is for its end."""
        assert self.stdout is not None
        assert self.stderr is not None
        with ThreadPoolExecutor(2) as reading, self.stdout, self.stderr:
            out, err = (reading.submit(file.read) for file in (self.stdout, self.stderr))
            try:
                self.wait(timeout)
            except subprocess.TimeoutExpired:
                end_group(self.pid)
                raise
            return out.result(), err.result()


def end_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


class Forks:
    def __init__(self, environment: dict[str, str]) -> None:
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        atexit.register(self.close)

    def start(
        self,
        arguments: tuple[str, ...],
        cwd: Path,
        environment: dict[str, str],
        stdin: int,
        log: TextIO | None = None,
    ) -> Fork:
        """What it says can be read from it, or is in the log."""
        asked = {"arguments": arguments, "cwd": str(cwd), "environment": environment}
        request = json.dumps(asked).encode()
        status, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            if log is not None:
                given = [stdin, log.fileno(), log.fileno(), theirs.fileno()]
                socket.send_fds(self._requests, [request], given)
                return Fork(int(status.recv(LARGEST)), status)
            (out, to_out), (err, to_err) = os.pipe(), os.pipe()
            socket.send_fds(self._requests, [request], [stdin, to_out, to_err, theirs.fileno()])
        os.close(to_out)
        os.close(to_err)
        return Fork(int(status.recv(LARGEST)), status, os.fdopen(out), os.fdopen(err))

    def close(self) -> None:
        self._requests.close()
        self._process.wait()


@cache
def forks() -> Forks:
    """For all programs of this process."""
    kept = {n: v for n, v in os.environ.items() if n != "PYTHONDONTWRITEBYTECODE"}
    return Forks(kept | {"PYTHONWARNINGS": "error"})


def is_read_at_start(name: str) -> bool:
    return name.startswith(READ_AT_START)


def serve(requests: socket.socket) -> dict[str, Any] | None:
    """In each fork what it is asked to run, and None once nothing is asked any more."""
    forked = fork_for_each(requests, LOADED)
    if forked is None:
        return None
    request, given = forked
    asked: dict[str, Any] = json.loads(request)
    become(asked, given[:3], given[3])
    return asked


def become(asked: dict[str, Any], streams: list[int], status: int) -> None:
    """In another fork, while this one reports how that ends."""
    with socket.socket(fileno=status) as report:
        if pid := os.fork():
            for opened in streams:
                os.close(opened)
            report_end(pid, report)
            os._exit(0)
        os.setsid()
        report.send(str(os.getpid()).encode())
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    time.tzset()
    for descriptor, opened in enumerate(streams):
        os.dup2(opened, descriptor)
        os.close(opened)
    # Run anew, as `python -m bullpen` does.
    del sys.modules["bullpen.__main__"]
    sys.argv = ["bullpen", *asked["arguments"]]
    sys.path[0] = asked["cwd"]


def report_end(pid: int, report: socket.socket) -> None:
    """Its exit code; its number is given to no other process until that has been read."""
    ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert ended is not None
    code = ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
    with contextlib.suppress(OSError):
        report.send(str(code).encode())
        report.recv(1)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as asking:
        is_fork = serve(asking) is not None
    if is_fork:
        runpy.run_module("bullpen", run_name="__main__", alter_sys=True)
