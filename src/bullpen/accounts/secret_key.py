"""The key that encrypts what the database must not give away: a file beside the database."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from bullpen.kit.errors import StartupError

NAME = "secret.key"
KEY_BYTES = 32
SHORTEST = 32


class SecretSource(Struct, frozen=True):
    """Where the key is. It is read, and made, only once something is to be encrypted with it."""

    key: str | None = None
    folder: str | None = None

    def read(self) -> str:
        if self.key is not None:
            return self.key
        if self.folder is None:
            raise StartupError("there is no secret key: set BULLPEN_SECRET_KEY")
        return read_or_make(Path(self.folder))


def read_or_make(folder: Path) -> str:
    """The key of this data folder. Two programs that start at once get the same."""
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            make(path)
        key = path.read_text().strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise StartupError(
            f"cannot read or make the file {path}: make it readable, or set BULLPEN_SECRET_KEY"
        ) from problem
    if len(key) < SHORTEST:
        raise StartupError(
            f"{path} is damaged: restore it from a backup, or set BULLPEN_SECRET_KEY"
        )
    return key


def make(path: Path) -> None:
    """Complete or not at all: it is written under another name, and linked."""
    temporary = path.with_name(f"{NAME}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        temporary.unlink()
