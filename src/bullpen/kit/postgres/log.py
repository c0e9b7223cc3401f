"""The server's log: one file in the data folder that cannot grow for ever."""

import os
from pathlib import Path

from bullpen.kit.postgres.folder import open_private

_LONGEST = 8_000_000
_KEPT = 1_000_000


def path(data_dir: Path) -> Path:
    return data_dir / "postgres.log"


def open_log(data_dir: Path) -> int:
    # Appending, so that the server goes on at the end of a file that was cut meanwhile.
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    return open_private(data_dir, path(data_dir).name, flags)


def cut(data_dir: Path) -> None:
    """Keeps the end of a log that has become long."""
    file = path(data_dir)
    if not file.exists() or file.stat().st_size <= _LONGEST:
        return
    with os.fdopen(open_private(data_dir, file.name, os.O_RDWR | os.O_APPEND), "rb+") as log:
        log.seek(-_KEPT, os.SEEK_END)
        end = log.read()
        log.truncate(0)
        # Added, not written over: the server may have begun the file again by now.
        log.write(end)


def since(data_dir: Path, begin: int) -> str:
    with path(data_dir).open("rb") as log:
        log.seek(begin)
        return log.read().decode(errors="replace")


def last_error(text: str) -> str:
    """The line in which Postgres says why it gave up."""
    # Its answers to clients meanwhile ("the database system is starting up") are not the reason.
    texts = (line.strip() for line in text.splitlines() if "the database system is " not in line)
    lines = [line for line in texts if line]
    for mark in ("PANIC:", "FATAL:", "error:", "ERROR:"):
        for line in reversed(lines):
            if mark in line:
                return line.split(mark, 1)[1].strip()
    return lines[-1] if lines else "it said nothing"
