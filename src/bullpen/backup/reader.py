"""Reads a backup file, and refuses one that is not whole before anything is made of it."""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from bullpen.backup.manifest import FORMAT, FileEntry, Manifest, TableEntry
from bullpen.backup.writer import FIRST, HASH_BYTES, MANIFEST
from bullpen.kit.byte_progress import ByteProgress
from bullpen.kit.errors import StartupError

PIECE = 1 << 18
HEADER_BYTES = 30
NEWER = "install the newer Bullpen that made it"
Entry = TableEntry | FileEntry


class BackupReader:
    def __init__(self, path: Path, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self.path = path
        self.manifest = manifest
        self._archive = archive

    def pieces(self, entry: Entry) -> Iterator[bytes]:
        """All of a member; an error at its end if it is not what the manifest says."""
        digest = hashlib.sha256()
        size = 0
        with damaged(self.path), self._archive.open(entry.member) as stream:
            while piece := stream.read(PIECE):
                digest.update(piece)
                size += len(piece)
                yield piece
        if (size, digest.hexdigest()) != (entry.bytes, entry.sha256):
            raise StartupError(f"{self.path} is damaged: {entry.member} is not what it was")

    def verify(self, progress: ByteProgress) -> None:
        progress.begin("Checking the backup", self.manifest.bytes)
        for entry in self.manifest.entries:
            for piece in self.pieces(entry):
                progress.advance(len(piece))
        progress.close()


@contextmanager
def reading(path: Path, progress: ByteProgress) -> Iterator[BackupReader]:
    """A backup whose every byte is as it was written."""
    try:
        file = path.open("rb")
    except OSError as problem:
        raise StartupError(f"cannot read {path}: {problem.strerror}") from problem
    with file:
        require_format(path, file)
        require_hash(path, file, progress)
        with damaged(path), zipfile.ZipFile(file) as archive:
            manifest = read_manifest(path, archive)
            backup = BackupReader(path, archive, manifest)
            backup.verify(progress)
            yield backup


def require_format(path: Path, file: IO[bytes]) -> None:
    try:
        head = file.read(HEADER_BYTES + len(FIRST) + 16)
    except OSError as problem:
        raise StartupError(f"cannot read {path}: {problem.strerror}") from problem
    name, rest = head[HEADER_BYTES:][: len(FIRST)], head[HEADER_BYTES + len(FIRST) :]
    number = rest.partition(b"\n")[0]
    if not head.startswith(b"PK\x03\x04") or name != FIRST.encode() or not number.isdigit():
        raise StartupError(f"{path} is not a backup that 'bullpen backup' made")
    if int(number) > FORMAT:
        raise StartupError(
            f"{path} has format {int(number)}, and this version of Bullpen reads {FORMAT}: {NEWER}"
        )


def require_hash(path: Path, file: IO[bytes], progress: ByteProgress) -> None:
    digest = hashlib.sha256()
    left = file.seek(0, os.SEEK_END) - HASH_BYTES
    progress.begin("Checking the backup", left)
    file.seek(0)
    while left > 0 and (piece := file.read(min(PIECE, left))):
        digest.update(piece)
        left -= len(piece)
        progress.advance(len(piece))
    if left or file.read() != digest.hexdigest().encode():
        raise StartupError(
            f"{path} is damaged or not complete: its content does not match its checksum."
            " Use another copy of it"
        )
    file.seek(0)


def read_manifest(path: Path, archive: zipfile.ZipFile) -> Manifest:
    try:
        text = archive.read(MANIFEST)
        return msgspec.json.decode(text, type=Manifest)
    except (KeyError, msgspec.DecodeError) as problem:
        raise StartupError(f"{path} is damaged: its manifest cannot be read") from problem


@contextmanager
def damaged(path: Path) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError) as problem:
        raise StartupError(f"{path} is damaged: {problem}") from problem
