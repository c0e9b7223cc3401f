"""The program's data folder, and what can be wrong with it."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bullpen.kit.errors import StartupError

_HINT = "set BULLPEN_DATA_DIR to another folder, or DATABASE_URL to another Postgres"


@contextmanager
def explained(data_dir: Path) -> Iterator[None]:
    """Turns what the system says about the folder into one line that says what to do."""
    try:
        yield
    except (FileExistsError, NotADirectoryError) as error:
        raise StartupError(
            f"{error.filename or data_dir} is a file, not a folder: {_HINT}"
        ) from error
    except PermissionError as error:
        path = Path(error.filename or data_dir)
        raise StartupError(f"no permission for {path}{_owned_by(path)}: {_HINT}") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StartupError(f"no space left for {data_dir}: free some, or {_HINT}") from error
        reason = error.strerror or error
        raise StartupError(f"cannot use {error.filename or data_dir}: {reason}: {_HINT}") from error


def _owned_by(path: Path) -> str:
    for place in (path, *path.parents):
        with suppress(OSError, KeyError, NotImplementedError):
            return f" ({place} belongs to {place.owner()})"
    return ""


def prepare(data_dir: Path) -> Path:
    path = data_dir.expanduser()
    # Root's server runs as somebody else, who must get to his own folder in there.
    path.mkdir(mode=0o711 if _is_root() else 0o700, parents=True, exist_ok=True)
    return path.resolve()


def open_private(data_dir: Path, name: str, flags: int) -> int:
    """Opens a file of the folder for nobody but its owner.

    A root that serves a folder of somebody else's leaves files which that one can use later,
    and follows no link, which could lead it anywhere.
    """
    file = os.open(data_dir / name, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)
    if _is_root():
        owner = data_dir.stat()
        os.fchown(file, owner.st_uid, owner.st_gid)
    return file


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
