"""Writes a backup file: a ZIP file that any program can read, with a hash over all of it.

Its first member names the format, its last one is the manifest, and its comment is the SHA-256 of
everything before the comment. It appears under its name when it is whole and on the disk.
"""

import hashlib
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import msgspec

from bullpen.backup.manifest import FORMAT, Manifest
from bullpen.kit.new_file import explained, new_file

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
    with new_file(target) as file:
        sealed = HashedFile(target, file)
        with zipfile.ZipFile(cast(Any, sealed), "w") as archive:
            archive.comment = b"0" * HASH_BYTES
            archive.writestr(described(FIRST, zipfile.ZIP_STORED), f"{FORMAT}\n")
            yield BackupWriter(archive)
        with explained(target):
            sealed.seal()
