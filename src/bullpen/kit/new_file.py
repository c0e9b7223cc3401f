"""A new file that nobody else can read: it appears under its name when it is complete."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from bullpen.kit.errors import StartupError
from bullpen.kit.postgres.lock import lock


@contextmanager
def new_file(target: Path) -> Iterator[IO[bytes]]:
    """With an error, or when killed, there is none. An existing file is never overwritten."""
    refuse_taken(target)
    partial = target.with_name(f"{target.name}.partial")
    with open_partial(partial) as file:
        try:
            yield file
            with explained(target):
                file.flush()
                os.fsync(file.fileno())
                give_name(partial, target)
        finally:
            partial.unlink(missing_ok=True)


@contextmanager
def open_partial(partial: Path) -> Iterator[IO[bytes]]:
    """What a killed backup left is written over, unless its writer lives."""
    with explained(partial):
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(partial, flags, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        if not lock(descriptor):
            raise StartupError(f"another backup is writing {partial}: wait until it has ended")
        with explained(partial):
            partial.chmod(0o600)
            file.truncate(0)
        yield file


def refuse_taken(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise StartupError(f"{target} is there already and is not overwritten: choose another name")


def give_name(partial: Path, target: Path) -> None:
    """Without writing over a file that came meanwhile."""
    try:
        os.link(partial, target)
    except FileExistsError:
        refuse_taken(target)
        raise
    except OSError:
        # A file system without hard links.
        refuse_taken(target)
        partial.rename(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """A name is on the disk when its folder is."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise StartupError(f"cannot write {path}: {problem.strerror or problem}") from problem
