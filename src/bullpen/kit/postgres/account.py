"""The system user that the server runs under: Postgres refuses to run as root."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from bullpen.kit.errors import StartupError

if sys.platform != "win32":
    import pwd


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int
    name: str


def choose(data_dir: Path, cluster: Path | None) -> Account | None:
    """Whom to become for this data, or for new one: None for a program that is not root."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    if cluster is not None:
        return _owner(cluster)
    # The folder's owner can then start the program without root as well.
    for wanted in (data_dir.stat().st_uid, "postgres", "nobody"):
        # initdb wants a passwd entry.
        try:
            entry = pwd.getpwuid(wanted) if isinstance(wanted, int) else pwd.getpwnam(wanted)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)
    raise StartupError(
        "Postgres does not run as root, and there is no user postgres or nobody to run it as:"
        " start Bullpen as an ordinary user, or set DATABASE_URL"
    )


def _owner(cluster: Path) -> Account:
    found = cluster.stat()
    if found.st_uid == 0:
        raise StartupError(
            f"{cluster} belongs to root, and Postgres does not run as root:"
            f" give it to an ordinary user (chown -R postgres {cluster})"
        )
    try:
        entry = pwd.getpwuid(found.st_uid)
    except KeyError:
        # A server needs no passwd entry, only initdb does.
        return Account(found.st_uid, found.st_gid, str(found.st_uid))
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


def reaches(account: Account | None, path: Path) -> bool:
    """Whether the account may read `path` and enter every folder above it."""
    if account is None:
        return True
    wanted = 5 if path.is_dir() else 4
    return _allowed(account, path, wanted) and all(
        _allowed(account, parent, 1) for parent in path.parents
    )


def _allowed(account: Account, path: Path, bits: int) -> bool:
    found = path.stat()
    if found.st_uid == account.uid:
        bits <<= 6
    elif found.st_gid == account.gid:
        bits <<= 3
    return found.st_mode & bits == bits


def give(account: Account | None, folder: Path) -> None:
    if account is not None:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
