"""Base addresses of providers, as people copy them from the servers' own pages."""

import ipaddress
import re
import socket
from urllib.parse import urlsplit

# A version at the end of an address' path: /v1, /paas/v4; Google's is /v1beta/openai.
VERSION = re.compile(r"/v\d+\w*(/openai)?$")


def versioned(url: str | None) -> str:
    """As the servers' own pages give it, with or without the version."""
    assert url is not None
    bare = bare_of(url)
    return bare if VERSION.search(urlsplit(bare).path) else f"{bare}/v1"


def unversioned(url: str | None) -> str | None:
    """Anthropic's SDK adds the version by itself."""
    return None if url is None else bare_of(url).removesuffix("/v1")


def bare_of(url: str) -> str:
    """Without what people copy along: the path of the method, a query, a slash."""
    bare = urlsplit(url)._replace(query="", fragment="").geturl().rstrip("/")
    for method in ("/chat/completions", "/messages"):
        bare = bare.removesuffix(method)
    return bare.rstrip("/")


def is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    is_web = value.lower().startswith(("http://", "https://")) and bool(parts.hostname)
    return is_web and port != 0 and all(sign.isprintable() and sign != " " for sign in value)


# Where clouds answer with the machine's own credentials.
METADATA = frozenset({"metadata.google.internal", "metadata.goog", "fd00:ec2::254"})


def entered_address(text: str) -> str:
    """An address as an administrator enters it. Raises ValueError where it cannot be used.

    Local servers have addresses of the own network. Only those are refused at which a cloud gives a
    machine its credentials. Resolves names: to be called in a thread.
    """
    bare = text.strip()
    if not is_web_address(bare):
        raise ValueError(f"'{bare}' is not an address; enter one like http://localhost:11434")
    parts = urlsplit(bare)
    if parts.username is not None or parts.password is not None:
        raise ValueError("leave the user name and password out of the address")
    host = parts.hostname or ""
    if host.rstrip(".") in METADATA or any(map(is_link_local, resolved(host))):
        raise ValueError(f"'{host}' is a link-local address, where no model server is")
    return bare


def resolved(host: str) -> list[str]:
    """The host's addresses; none where its name is unknown, which connecting will say."""
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, None)]
    except (OSError, UnicodeError):
        return []


def is_link_local(address: str) -> bool:
    found = ipaddress.ip_address(address)
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_link_local or address in METADATA
