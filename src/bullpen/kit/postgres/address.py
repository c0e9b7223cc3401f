"""Where the server listens.

A Unix socket in a short folder of its own in the temporary folder: a data folder's path may be
longer than a socket's can be. Anyone who can reach the socket is let in, so the folder is 0700
and there is no TCP; on Windows it is a port of the loopback interface and a password.
"""

import os
import secrets
import socket
import stat
import struct
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from bullpen.kit.errors import StartupError
from bullpen.kit.postgres.account import Account, give, reaches

_LONGEST_SOCKET_PATH = 103  # macOS; Linux allows four more
_PROTOCOL = 3 << 16


@dataclass(frozen=True)
class Address:
    host: str  # a folder if it begins with a slash, as for libpq
    port: int = 5432
    password: str = ""

    @property
    def socket_file(self) -> Path | None:
        if not self.host.startswith("/"):
            return None
        return Path(self.host) / f".s.PGSQL.{self.port}"

    def url(self, database: str) -> str:
        name = quote(database, safe="")
        if self.socket_file is None:
            return f"postgresql://postgres:{self.password}@{self.host}:{self.port}/{name}"
        # With the port, because a PGPORT of the environment would win over its absence.
        return f"postgresql://postgres@/{name}?host={quote(self.host, safe='')}&port={self.port}"

    def is_present(self) -> bool:
        return self.socket_file is None or self.socket_file.exists()

    def clear(self) -> None:
        """Removes what a killed server left there; only when none can be alive."""
        if self.socket_file is not None:
            self.socket_file.unlink(missing_ok=True)
            Path(f"{self.socket_file}.lock").unlink(missing_ok=True)

    def leave(self) -> None:
        """Removes the socket's folder, unless there is something in it."""
        if self.socket_file is not None:
            with suppress(OSError):
                self.socket_file.parent.rmdir()

    def accepts(self) -> bool:
        """Whether a server answers there that lets clients in, by the first byte it says."""
        words = b"user\0postgres\0database\0postgres\0\0"
        hello = struct.pack("!II", 8 + len(words), _PROTOCOL) + words
        try:
            with self._connect() as connection:
                connection.sendall(hello)
                return bool(connection.recv(1) == b"R")
        except OSError:
            return False

    def answers(self) -> bool:
        """Whether anything listens there at all, be it starting or stopping."""
        try:
            self._connect().close()
        except OSError:
            return False
        return True

    def _connect(self) -> socket.socket:
        if self.socket_file is None:
            return socket.create_connection((self.host, self.port), timeout=1)
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(1)
        try:
            connection.connect(str(self.socket_file))
        except OSError:
            connection.close()
            raise
        return connection


def is_usable(address: Address, account: Account | None) -> bool:
    if address.socket_file is None:
        return not address.answers()
    folder = Path(address.host)
    # Where root serves another user's data folder, that user wrote down where to make a folder.
    if account is not None and folder.parent not in _bases():
        return False
    try:
        folder.mkdir(mode=0o700)
        give(account, folder)
    except FileExistsError:
        pass
    except OSError:
        return False
    found = folder.lstat()
    # In a folder that everybody may write to, somebody else may have taken the name.
    owner = account.uid if account is not None else os.geteuid()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and found.st_mode & 0o077 == 0


def new(account: Account | None) -> Address:
    if sys.platform == "win32":
        with socket.create_server(("127.0.0.1", 0)) as free:
            return Address("127.0.0.1", free.getsockname()[1], secrets.token_urlsafe(24))
    for base in _bases():
        try:
            if not reaches(account, base):
                continue
            folder = tempfile.mkdtemp(prefix="bullpen-", dir=base)
        except OSError:
            continue
        address = Address(folder)
        if len(os.fsencode(str(address.socket_file))) <= _LONGEST_SOCKET_PATH:
            give(account, Path(folder))
            return address
        Path(folder).rmdir()
    raise StartupError(
        f"Postgres needs a short, writable folder for its socket, and none of"
        f" {', '.join(map(str, _bases()))} is: set TMPDIR to one"
    )


def _bases() -> list[Path]:
    own = os.environ.get("TMPDIR")
    usual = [Path("/tmp"), Path("/var/tmp")]  # noqa: S108 - mkdtemp makes the name there
    return [Path(own).absolute(), *usual] if own else usual
