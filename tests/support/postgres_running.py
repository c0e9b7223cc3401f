"""Programs, servers and their processes as the tests see them."""

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import bullpen
from bullpen.kit.postgres import binaries, lock, postmaster

LONGEST = 60.0
PROGRAM = Path(__file__).with_name("postgres_program.py")
SOURCE = Path(bullpen.__file__).parents[1]


def until(condition):
    """Waits for the condition to hold and returns what it gave."""
    deadline = time.monotonic() + LONGEST
    while not (value := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)
    return value


def sql(url, statement):
    psql = binaries.find().program("psql")
    command = [psql, "-X", "-At", "-v", "ON_ERROR_STOP=1", "-c", statement, url]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def cluster_of(data_dir):
    (found,) = (folder for folder in data_dir.glob("postgres-*") if folder.suffix != ".new")
    return found


def server_pid(data_dir):
    return postmaster.pid(cluster_of(data_dir))


def processes_in(data_dir):
    """The processes that work in the data folder: every one of Postgres does."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            place = (process / "cwd").readlink()
        except OSError:
            continue
        if place.is_relative_to(data_dir):
            found.append(int(process.name))
    return found


def kill_server(data_dir):
    pid = server_pid(data_dir)
    os.kill(pid, signal.SIGKILL)
    until(lambda: state_of(pid) in ("Z", None))
    return pid


def state_of(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return None


def is_over(data_dir):
    return lock.is_free(data_dir) and not processes_in(data_dir)


def forget(data_dir):
    """Removes what a killed server left outside of its data folder."""
    # No file, or one without an address: nothing has been left.
    with suppress(OSError, KeyError):
        shutil.rmtree(json.loads((data_dir / "postgres.json").read_text())["host"])


class Program:
    """tests/support/postgres_program.py on a data folder; its answers come with a deadline."""

    def __init__(self, data_dir, how, before, environment) -> None:
        self.process = subprocess.Popen(
            [*before, sys.executable, PROGRAM, data_dir, how],
            env={**os.environ, "PYTHONPATH": str(SOURCE), **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._answers = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self._answers.put(json.loads(line))

    def answer(self):
        return self._answers.get(timeout=LONGEST)

    def ask(self, word):
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        return self.answer()

    def kill(self):
        self.process.kill()
        self.end()

    def interrupt(self):
        """As Ctrl-C in a terminal does: the whole group is told."""
        os.killpg(self.process.pid, signal.SIGINT)

    def end(self):
        self.process.stdin.close()
        self.process.wait(LONGEST)
        self._reader.join(LONGEST)
        self.process.stdout.close()
