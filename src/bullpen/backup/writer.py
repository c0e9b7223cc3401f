"""Writes a backup file: a ZIP file that any program can read, with a hash over all of it.

Its first member names the format, its last one is the manifest, and its comment is the SHA-256 of
everything before the comment. It appears under its name when it is whole and on the disk.
"""

import hashlib
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, cast

import msgspec

from bullpen.backup.manifest import FORMAT, Manifest
from bullpen.kit.errors import StartupError
from bullpen.kit.postgres.lock import lock

FIRST = "bullpen-backup"
MANIFEST = "manifest.json"
HASH_BYTES = 64
LEVEL = 5


class HashedFile:
    """What zipfile writes to; hashes all but the last bytes, the comment that the hash replaces."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self._path = path
        self._file = file
        self._hash = hashlib.sha256()
        self._pending = b""

    def write(self, data: bytes) -> int:
        with explained(self._path):
            self._file.write(data)
        known = self._pending + bytes(data)
        self._hash.update(known[:-HASH_BYTES])
        self._pending = known[-HASH_BYTES:]
        return len(data)

    def flush(self) -> None:
        self._file.flush()

    def seal(self) -> None:
        self._file.seek(-HASH_BYTES, os.SEEK_END)
        self._file.write(self._hash.hexdigest().encode())


class Member:
    """One member while it is written: counts and hashes what goes in."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()
        self.bytes = 0

    def write(self, data: bytes) -> None:
        self._stream.write(data)
        self._hash.update(data)
        self.bytes += len(data)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


class BackupWriter:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @contextmanager
    def member(self, name: str) -> Iterator[Member]:
        with self._archive.open(described(name), "w", force_zip64=True) as stream:
            yield Member(stream)

    def finish(self, manifest: Manifest) -> None:
        self._archive.writestr(described(MANIFEST), msgspec.json.encode(manifest))


def described(name: str, compression: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    # The same time for all: the manifest says when the backup was made.
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = compression
    info._compresslevel = LEVEL  # type: ignore[attr-defined]  # noqa: SLF001 - the only way before 3.13
    info.external_attr = 0o600 << 16
    return info


@contextmanager
def writing(target: Path) -> Iterator[BackupWriter]:
    """A new file that nobody else can read; with an error, or when killed, there is none."""
    refuse_taken(target)
    partial = target.with_name(f"{target.name}.partial")
    with open_partial(partial) as file:
        try:
            sealed = HashedFile(target, file)
            with zipfile.ZipFile(cast(Any, sealed), "w") as archive:
                archive.comment = b"0" * HASH_BYTES
                archive.writestr(described(FIRST, zipfile.ZIP_STORED), f"{FORMAT}\n")
                yield BackupWriter(archive)
            with explained(target):
                sealed.seal()
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
