"""Commands of the program, each in a process of its own that is a fork of one that has loaded it.

To load the program takes most of a short command's time, and tests run some hundred commands.
A program's start is tested with `start` and `running`, which load it anew.
"""

import atexit
import contextlib
import gc
import json
import os
import runpy
import subprocess
import sys
import tempfile
import time
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Timer

ROOT = Path(__file__).resolve().parents[2]
LOADED = (
    "bullpen.__main__",
    "bullpen.processes.foreground",
    "bullpen.migrations.run",
    "bullpen.packs.seed",
)
# What Python or the C library reads once, as a program starts.
READ_AT_START = ("PYTHON", "LC_", "LANG", "LD_")


class Forks:
    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        atexit.register(self.close)

    def run(
        self, arguments: tuple[str, ...], cwd: Path, environment: dict[str, str], seconds: float
    ) -> tuple[int, str, str]:
        """Its exit code, and what it wrote to its output and its error output."""
        assert self._process.stdin is not None
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder, "out"), Path(folder, "err")]
            asked = {
                "arguments": arguments,
                "cwd": str(cwd),
                "environment": environment,
                "files": [str(file) for file in files],
            }
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
            pid = self._answer()
            ending = Timer(seconds, end_group, [pid])
            ending.start()
            code = self._answer()
            if not ending.is_alive():
                raise TimeoutError(arguments)
            ending.cancel()
            ending.join()
            out, err = (file.read_text() for file in files)
        return code, out, err

    def _answer(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


def end_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, 9)


@cache
def forks() -> Forks:
    """For all commands of this process."""
    kept = {n: v for n, v in os.environ.items() if n != "PYTHONDONTWRITEBYTECODE"}
    return Forks(kept | {"PYTHONWARNINGS": "error"})


def is_read_at_start(name: str) -> bool:
    return name.startswith(READ_AT_START)


def serve() -> bool:
    """Whether this is a fork: what it was asked for is still to be run."""
    for module in LOADED:
        import_module(module)
    # Run anew, as `python -m bullpen` does.
    del sys.modules["bullpen.__main__"]
    # Otherwise each fork copies what its collector looks at.
    gc.collect()
    gc.freeze()
    with os.fdopen(os.dup(1), "w") as answers:
        while line := sys.stdin.readline():
            pid = os.fork()
            if pid == 0:
                break
            print(pid, file=answers, flush=True)
            _, status = os.waitpid(pid, 0)
            print(os.waitstatus_to_exitcode(status), file=answers, flush=True)
        else:
            return False
    become(json.loads(line))
    return True


def become(asked: dict[str, object]) -> None:
    os.setsid()
    os.chdir(str(asked["cwd"]))
    os.environ.clear()
    os.environ.update(asked["environment"])  # type: ignore[call-overload]
    time.tzset()
    out, err = asked["files"]  # type: ignore[misc]
    for descriptor, file in enumerate((os.devnull, out, err)):
        opened = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(opened, descriptor)
        os.close(opened)
    sys.argv = ["bullpen", *asked["arguments"]]  # type: ignore[misc]
    sys.path[0] = str(asked["cwd"])


if __name__ == "__main__" and serve():
    runpy.run_module("bullpen", run_name="__main__", alter_sys=True)
