"""Locks on files of the data folder: held as long as any process has the open file.

Passed on to the server, a lock lives exactly as long as the server and its children do,
even if the program that started it is gone.
"""

import os
import sys
from pathlib import Path

from bullpen.kit.postgres.folder import open_private

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_FILE = "postgres.lock"


def take(data_dir: Path) -> int | None:
    """The server's lock as an open file, or None while somebody else holds it."""
    file = open_private(data_dir, _FILE, os.O_RDWR | os.O_CREAT)
    if lock(file):
        return file
    os.close(file)
    return None


def is_free(data_dir: Path) -> bool:
    held = take(data_dir)
    if held is None:
        return False
    os.close(held)
    return True


def lock(file: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
