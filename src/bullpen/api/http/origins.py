"""Hosts and origins as requests name them, read strictly and compared by RFC 6454."""

import re
from typing import NamedTuple

DEFAULT_PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9_.-]{1,253})(?::([0-9]{1,5}))?")
ORIGIN = re.compile(r"(https?)://(.{1,260})", re.IGNORECASE)


class Host(NamedTuple):
    name: str
    port: int | None


class Origin(NamedTuple):
    scheme: str
    host: Host

    @property
    def port(self) -> int:
        """A port left out is its scheme's own."""
        return DEFAULT_PORTS[self.scheme] if self.host.port is None else self.host.port

    def is_of(self, host: Host) -> bool:
        """Whether a page of this origin would be asked for with this `Host` header."""
        return self.host.name == host.name and self.port == Origin(self.scheme, host).port

    def __str__(self) -> str:
        name = f"[{self.host.name}]" if ":" in self.host.name else self.host.name
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{name}{port}"


def read_host(text: str) -> Host | None:
    """Of a `Host` header; None where it is anything but a name or address and perhaps a port."""
    found = HOST.fullmatch(text)
    if found is None:
        return None
    name = found[1].strip("[]").lower().removesuffix(".")
    return Host(name, None if found[2] is None else int(found[2]))


def read_origin(text: str) -> Origin | None:
    """Of an `Origin` header; None where it is anything but a scheme and a host."""
    found = ORIGIN.fullmatch(text)
    host = read_host(found[2]) if found else None
    return Origin(found[1].lower(), host) if found and host else None


def is_same_origin(origin: str, host: Host | None) -> bool:
    """Whether an `Origin` header names this host."""
    named = read_origin(origin)
    return named is not None and host is not None and named.is_of(host)
