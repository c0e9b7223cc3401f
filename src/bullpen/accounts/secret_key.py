"""The key that encrypts what the database must not give away: a file beside the database."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from bullpen.kit.errors import StartupError

NAME = "secret.key"
KEY_BYTES = 32
SHORTEST = 32


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
