"""Starting Postgres programs: as whom, where, and what they get from us."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bullpen.kit.errors import StartupError
from bullpen.kit.postgres.account import Account, reaches

# Nothing else is passed on: an environment may hold keys, and what libpq reads would change
# whom and how the programs talk to.
_PASSED_ON = (
    *("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "TEMP", "TMP"),
)

_FIRST_TO_STAY = 16


@dataclass(frozen=True)
class Surroundings:
    """The folder a program works in, whom it runs as, and the open lock that it inherits."""

    folder: Path
    account: Account | None
    server_lock: int

    def data(self, major: int) -> str:
        """The folder as Postgres can name it.

        One in a 0700 home of root cannot be entered after dropping root, but a working folder
        taken before stays usable, under this name. (Before version 16 the programs went away
        from their working folder to find out where they are, and could not come back.)
        """
        if reaches(self.account, self.folder):
            return str(self.folder)
        if sys.platform == "linux" and major >= _FIRST_TO_STAY:
            return "/proc/self/cwd"
        name = self.account.name if self.account else ""
        raise StartupError(
            f"{self.folder} cannot be reached by {name}, whom Postgres {major} runs as instead of"
            " root: set BULLPEN_DATA_DIR to a folder outside of root's home"
        )


def environment() -> dict[str, str]:
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return passed_on | {"LC_ALL": "C"}


def run(
    program: str, arguments: list[str], around: Surroundings, death_signal: int
) -> subprocess.CompletedProcess[str]:
    command = _command(program, arguments, around, death_signal)
    options = _options(around)
    return subprocess.run(  # noqa: S603
        command, check=False, capture_output=True, text=True, errors="replace", **options
    )


def start(
    program: str, arguments: list[str], around: Surroundings, death_signal: int, output: int
) -> subprocess.Popen[bytes]:
    command = _command(program, arguments, around, death_signal)
    return subprocess.Popen(command, stdout=output, stderr=output, **_options(around))  # noqa: S603


def _command(
    program: str, arguments: list[str], around: Surroundings, death_signal: int
) -> list[str]:
    if sys.platform == "win32":
        return [program, *arguments]
    uid, gid = (around.account.uid, around.account.gid) if around.account else (-1, -1)
    launcher = [sys.executable, "-I", "-S", str(Path(__file__).with_name("launch.py"))]
    numbers = map(str, (os.getpid(), death_signal, uid, gid))
    return [*launcher, *numbers, program, *arguments]


def _options(around: Surroundings) -> dict[str, Any]:
    options: dict[str, Any] = {
        "cwd": around.folder,
        "stdin": subprocess.DEVNULL,
        "env": environment(),
    }
    # A Ctrl-C in the terminal is for the program, which stops Postgres after its own work.
    if sys.platform == "win32":
        options["creationflags"] = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    else:
        options["start_new_session"] = True
        options["pass_fds"] = (around.server_lock,)
    return options
