"""The program as people run it: a process of its own, away from the checkout."""

import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

import httpx
from tests.support.forks import Fork, forks, is_read_at_start
from tests.support.plain import http_client

SECONDS = 60
# With a database elsewhere, the secret key still lies in the data folder.
FOLDERS = {"BULLPEN_DATA_DIR", "HOME", "XDG_DATA_HOME", "BULLPEN_ENV_FILE"}
ADDRESS = re.compile(r"Bullpen is ready at (http://\S+)")
Process = subprocess.Popen[str] | Fork


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


@cache
def data_folder() -> TemporaryDirectory[str]:
    """Of this process, and gone with it."""
    return TemporaryDirectory(prefix="bullpen-data-")


def environment(**given: str) -> dict[str, str]:
    """Without what would keep a second start from being quicker than the first, and away from the
    data folder of whoever runs the tests."""
    if "DATABASE_URL" in given and not FOLDERS & given.keys():
        given["BULLPEN_DATA_DIR"] = data_folder().name
    kept = {n: v for n, v in os.environ.items() if n != "PYTHONDONTWRITEBYTECODE"}
    return (
        kept
        | {
            "PYTHONWARNINGS": "error",
            "COLUMNS": "100",
            "BULLPEN_PORT": "0",
            "BULLPEN_AGENTS": "off",
        }
        | given
    )


def start(
    *arguments: str,
    cwd: Path,
    python: str | None = None,
    typed: str = "",
    log: TextIO | None = None,
    **given: str,
) -> Process:
    """A fork of a process that has loaded the program, or, with a `python`, one that loads it.

    What it says is in the log, if there is one.
    """
    stdin, keyboard = os.pipe()
    with os.fdopen(stdin), os.fdopen(keyboard, "w") as typing:
        typing.write(typed)
        typing.close()
        if python is None and not any(map(is_read_at_start, given)):
            return forks().start(arguments, cwd, environment(**given), stdin, log)
        return subprocess.Popen(
            [python or sys.executable, "-m", "bullpen", *arguments],
            cwd=cwd,
            env=environment(**given),
            stdin=stdin,
            stdout=log or subprocess.PIPE,
            stderr=log or subprocess.PIPE,
            text=True,
            start_new_session=True,
        )


def bullpen(*arguments: str, cwd: Path, typed: str = "", **given: str) -> Done:
    """A command that ends by itself."""
    return finish(start(*arguments, cwd=cwd, typed=typed, **given))


def finish(process: Process) -> Done:
    try:
        out, err = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        end(process)
        raise
    return Done(process.wait(), out, err)


def end(process: Process) -> None:
    """With its web processes, which are of its group; Postgres follows it by itself."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class Program:
    """A serving program; what it says is read while it runs."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.said: list[str] = []
        self.complained: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._readers = [
            threading.Thread(target=self._read_out),
            threading.Thread(target=self._read_err),
        ]
        for reader in self._readers:
            reader.start()
        self.address = self._ready()

    def _read_out(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))
            self._lines.put(line)
        self._lines.put(None)

    def _read_err(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.complained.append(line.rstrip("\n"))

    def _ready(self) -> str:
        while (line := self._lines.get(timeout=SECONDS)) is not None:
            if found := ADDRESS.match(line):
                return found[1]
        self.close()
        raise AssertionError(f"it did not start: {self.complained}")

    def client(self, user_id: str | None = None) -> httpx.Client:
        # To read the certificates that nothing here needs takes longer than a request.
        client = http_client(base_url=self.address)
        if user_id is not None:
            assert client.put("/api/session", json={"userId": user_id}).status_code == 200
        return client

    def get(self, path: str) -> httpx.Response:
        with self.client() as client:
            return client.get(path)

    def stop(self, by: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """The exit code, and how many seconds the end took."""
        begin = time.monotonic()
        self.process.send_signal(by)
        code = self.process.wait(SECONDS)
        return code, time.monotonic() - begin

    def close(self) -> None:
        end(self.process)
        for reader in self._readers:
            reader.join(SECONDS)
            assert not reader.is_alive(), "something that it started lives on"
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()


@contextmanager
def running(
    *arguments: str, cwd: Path, python: str | None = None, **given: str
) -> Iterator[Program]:
    program = Program(start(*arguments, cwd=cwd, python=python, **given))
    try:
        yield program
    finally:
        program.close()


def until(met: Callable[[], object], seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline, "it did not come about"
        threading.Event().wait(0.01)


def parent(pid: int) -> int | None:
    """None: it has ended."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, parent = status.rpartition(")")[2].split()[:2]
    return None if state == "Z" else int(parent)


def parents() -> dict[int, int]:
    pids = [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]
    return {pid: found for pid in pids if (found := parent(pid)) is not None}


def descendants(pid: int) -> list[int]:
    known = parents()
    found = [pid]
    for wanted in found:
        found += [child for child, parent in known.items() if parent == wanted]
    return found[1:]


def is_alive(pid: int) -> bool:
    return parent(pid) is not None


def named(name: str, pid: int) -> list[int]:
    """The processes under a server that `ps` shows by this name."""
    return [child for child in descendants(pid) if process_name(child) == name]


def web_processes(pid: int) -> list[int]:
    return named("bullpen-web", pid)


def workers(pid: int) -> list[int]:
    return named("bullpen-worker", pid)


def process_name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().removesuffix("\n")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def postmasters(pid: int) -> list[int]:
    known = parents()
    return [c for c in descendants(pid) if known.get(c) == pid and b"postgres\0-D" in command(c)]


def command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
