"""Hosts and origins as requests name them, read strictly and compared by RFC 6454."""

import re
from typing import NamedTuple

DEFAULT_PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9_.-]{1,253})(?::([0-9]{1,5}))?")
ORIGIN = re.compile(r"(https?)://(.{1,260})", re.IGNORECASE)


class Host(NamedTuple):
    name: str
    port: int | None


def read_host(text: str) -> Host | None:
    """Of a `Host` header; None where it is anything but a name or address and perhaps a port."""
    found = HOST.fullmatch(text)
    if found is None:
        return None
    name = found[1].strip("[]").lower().removesuffix(".")
    return Host(name, None if found[2] is None else int(found[2]))


def is_same_origin(origin: str, host: Host | None) -> bool:
    """Whether an `Origin` header names this host. A port left out is its scheme's own."""
    found = ORIGIN.fullmatch(origin)
    named = read_host(found[2]) if found else None
    if found is None or named is None or host is None:
        return False
    default = DEFAULT_PORTS[found[1].lower()]
    return named.name == host.name and (named.port or default) == (host.port or default)
