"""Where a request comes from: the client's address, and the scheme and host that it used.

Behind a reverse proxy the connection says nothing about the client; the proxy's headers do. They
are believed only on connections from trusted proxies (`BULLPEN_TRUSTED_PROXIES`). Each proxy
appends the address that connected to it to `X-Forwarded-For`, so the list is read from the right,
up to the first address that is not a trusted proxy. What stands further to the left was written by
the client. `Forwarded` is never read: Caddy and nginx pass it on as the client sent it.
"""

import ipaddress
from collections.abc import Iterable
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from bullpen.api.http.origins import DEFAULT_PORTS, Origin, read_host, read_origin

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]

SCOPE_KEY = "bullpen.source"
# For a connection that was closed before its address could be read.
UNKNOWN = "0.0.0.0"  # noqa: S104 - not bound
# A client with one IPv6 address usually has the whole network of this length.
IPV6_PREFIX = 64


class Source(NamedTuple):
    address: str
    scheme: str
    host: str
    "as a Host header"
    origin: str
    "what an absolute link for the client begins with; empty where it named no host"


def client_address(request: HTTPConnection) -> str:
    """The IP address of the client that sent the request, behind trusted proxies too."""
    return source_of(request.scope).address


def client_network(request: HTTPConnection) -> str:
    """What to count attempts by: an IPv4 address, or the /64 network of an IPv6 address."""
    return network_of(ipaddress.ip_address(client_address(request)))


def network_of(address: IPAddress) -> str:
    if address.version == 4:  # noqa: PLR2004 - the protocol's name
        return str(address)
    return str(ipaddress.ip_network((int(address), IPV6_PREFIX), strict=False))


def is_secure(request: HTTPConnection) -> bool:
    """Whether the client used https, so that its cookies can be `Secure`."""
    return source_of(request.scope).scheme == "https"


def source_of(scope: Scope) -> Source:
    found = scope.get(SCOPE_KEY)
    return found if isinstance(found, Source) else find_source(scope, (), None)


class Sources:
    """Finds the source of each request once, before anything else looks at the request."""

    def __init__(self, app: ASGIApp, trusted: Iterable[str], public_url: str | None) -> None:
        self.app = app
        self.trusted: Networks = tuple(ipaddress.ip_network(network) for network in trusted)
        self.public_url = None if public_url is None else read_origin(public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope[SCOPE_KEY] = find_source(scope, self.trusted, self.public_url)
        await self.app(scope, receive, send)


def find_source(scope: Scope, trusted: Networks, public_url: Origin | None) -> Source:
    headers = Headers(scope=scope)
    peer = read_address((scope.get("client") or (UNKNOWN,))[0])
    address = peer or ipaddress.ip_address(UNKNOWN)
    scheme, host = scope.get("scheme", "http"), headers.get("host", "")
    if peer is not None and is_trusted(peer, trusted):
        address, hops = nearest_untrusted(peer, values(headers, "x-forwarded-for"), trusted)
        scheme = (written_by(hops, values(headers, "x-forwarded-proto")) or scheme).lower()
        host = written_by(hops, values(headers, "x-forwarded-host")) or host
    scheme = scheme if scheme in DEFAULT_PORTS else "http"
    named = read_host(host)
    origin = "" if named is None else f"{scheme}://{host}"
    if public_url is not None:
        if named is not None and named.name == public_url.host.name:
            origin = str(public_url)
        if public_url.scheme == "https":
            # Also where a proxy does not say so: a cookie that is `Secure` too often does no harm.
            scheme = "https"
    return Source(str(address), scheme, host, origin)


def nearest_untrusted(
    peer: IPAddress, forwarded: list[str], trusted: Networks
) -> tuple[IPAddress, int]:
    """And how many entries from the right it stands. An entry that cannot be read ends the list:
    the address found so far was named by a trusted proxy."""
    address = peer
    for hops, entry in enumerate(reversed(forwarded), 1):
        found = read_address(entry)
        if found is None:
            return address, max(hops - 1, 1)
        address = found
        if not is_trusted(found, trusted):
            return address, hops
    return address, max(len(forwarded), 1)


def written_by(hops: int, given: list[str]) -> str | None:
    """The entry of the proxy that the client connected to: as far from the right as the client's
    address, or the only ones there are where not every proxy writes this header."""
    return given[-min(hops, len(given))] if given else None


def values(headers: Headers, name: str) -> list[str]:
    return [entry.strip() for line in headers.getlist(name) for entry in line.split(",")]


def is_trusted(address: IPAddress, trusted: Networks) -> bool:
    return any(address in network for network in trusted)


def read_address(text: str) -> IPAddress | None:
    """Also with a port, as `192.0.2.1:5000` and `[2001:db8::1]:5000`. An IPv4 address that is
    written as an IPv6 one is the same address."""
    bare = text
    if text.startswith("["):
        bare = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        bare = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
