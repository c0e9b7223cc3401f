"""The file in the data folder that has the server's address for other programs.

The same address is used again at every start, so that the connections of attached programs find
the server after another one has started it. The file is locked by the program that owns the
server for as long as it lives.
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from bullpen.kit.postgres.account import Account
from bullpen.kit.postgres.address import Address, is_usable, new
from bullpen.kit.postgres.folder import open_private
from bullpen.kit.postgres.lock import lock

_RECORD = "postgres.json"


def read(data_dir: Path) -> tuple[Address, int] | None:
    """The recorded address and the open record, on which to ask for the owner's lock."""
    try:
        file = open_private(data_dir, _RECORD, os.O_RDWR)
    except FileNotFoundError:
        return None
    with os.fdopen(os.dup(file), encoding="utf-8") as record:
        text = record.read()
    try:
        fields = json.loads(text)
        # A copied data folder brings a record along that belongs to the original.
        if fields.pop("data_dir") == str(data_dir):
            return Address(**fields), file
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    os.close(file)
    return None


def settle(data_dir: Path, account: Account | None) -> tuple[Address, int]:
    """The address to start at, made ready and recorded; only for the holder of the server's lock.

    Also the record itself, open and locked.
    """
    known = read(data_dir)
    if known is not None:
        os.close(known[1])
    address = known[0] if known is not None else None
    if address is None or not is_usable(address, account):
        address = new(account)
    return address, _write(data_dir, address)


def _write(data_dir: Path, address: Address) -> int:
    name = _RECORD + ".new"
    (data_dir / name).unlink(missing_ok=True)
    file = open_private(data_dir, name, os.O_RDWR | os.O_CREAT | os.O_EXCL)
    os.write(file, json.dumps({"data_dir": str(data_dir), **asdict(address)}).encode())
    os.fsync(file)
    if sys.platform == "win32":
        # There an open file cannot be renamed over, and the server's lock is the owner's anyway.
        os.close(file)
        (data_dir / name).replace(data_dir / _RECORD)
        return os.open(data_dir / _RECORD, os.O_RDWR)
    lock(file)
    (data_dir / name).replace(data_dir / _RECORD)
    return file
