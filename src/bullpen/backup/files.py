"""The files of the data folder that belong to a workspace but are not in its database."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from bullpen.kit.errors import StartupError
from bullpen.kit.new_file import sync_folder

# Each a file of the data folder, or a folder of files if it ends in a slash.
KEPT = (
    "secret.key",
    "sessions/",
)
STAGED = ".restoring"


def present(data_dir: Path) -> Iterator[Path]:
    for name in KEPT:
        path = data_dir / name
        found = sorted(path.rglob("*")) if name.endswith("/") else [path]
        yield from (file for file in found if file.is_file() and not file.is_symlink())


def named(data_dir: Path, file: Path) -> str:
    return file.relative_to(data_dir).as_posix()


def require_known(name: str) -> None:
    """A name leads nowhere but to what this version keeps."""
    parts = PurePosixPath(name).parts
    inside = any(name.startswith(kept) if kept.endswith("/") else name == kept for kept in KEPT)
    if not inside or ".." in parts or "\\" in name or "\0" in name:
        raise StartupError(
            f"the backup holds the file '{name}', which this version of Bullpen does not know:"
            " install the newer Bullpen that made it"
        )


def staged(data_dir: Path, name: str) -> Path:
    path = data_dir / name
    return path.with_name(path.name + STAGED)


def stage(data_dir: Path, name: str, pieces: Iterable[bytes]) -> None:
    """Beside its place, so that only a name has to change when the database is loaded."""
    path = staged(data_dir, name)
    make_folders(data_dir, path.parent)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(descriptor)
    own(data_dir, path)


def make_folders(data_dir: Path, folder: Path) -> None:
    if not folder.exists():
        make_folders(data_dir, folder.parent)
        folder.mkdir(mode=0o700)
        own(data_dir, folder)


def own(data_dir: Path, path: Path) -> None:
    """Root restores what the owner of the data folder uses later."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and path != data_dir:
        owner = data_dir.stat()
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def put_in_place(data_dir: Path, names: Iterable[str]) -> None:
    """Those that were staged; others of these places go."""
    wanted = set(names)
    for file in list(present(data_dir)):
        name = named(data_dir, file)
        if name not in wanted and not name.endswith(STAGED):
            file.unlink()
    for name in wanted:
        if staged(data_dir, name).exists():
            staged(data_dir, name).replace(data_dir / name)
            sync_folder((data_dir / name).parent)


def drop_staged(data_dir: Path) -> None:
    for name in KEPT:
        path = data_dir / name
        beside = path.rglob(f"*{STAGED}") if name.endswith("/") else [staged(data_dir, name)]
        for file in list(beside):
            file.unlink(missing_ok=True)
