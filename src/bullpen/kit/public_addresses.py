"""Which addresses the server may connect to when somebody else names the host.

Hosts of a private network trust each other, and the server is one of them: so a link must never
lead there.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from concurrent.futures import Executor
from functools import partial

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# The only part of IPv6 that is routed to everybody.
_UNICAST = ipaddress.IPv6Network("2000::/3")
# Gateways that translate to an IPv4 address at the end or, 6to4, behind the prefix.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
_REFUSED: tuple[Network, ...] = (
    # Teredo hides an IPv4 address, and its relays are gone.
    ipaddress.IPv6Network("2001::/32"),
    # Relays of 6to4.
    ipaddress.IPv4Network("192.88.99.0/24"),
    # Global by its number, yet answered by the host of a virtual machine in Azure.
    ipaddress.IPv4Network("168.63.129.16/32"),
)


def is_public(address: Address) -> bool:
    """Whether the address belongs to the public internet, however it is written."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
        if address in _SIX_TO_FOUR:
            return is_public(ipaddress.IPv4Address(int(address) >> 80 & 0xFFFF_FFFF))
        if address not in _UNICAST:
            return False
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in network for network in _REFUSED)
    )


def is_within(address: Address, networks: Sequence[Network]) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in network for network in networks)


async def addresses_of(host: str, port: int, lookups: Executor | None = None) -> list[Address]:
    """All that the host has now. `lookups`: where to wait for the answer; None: with everything
    else that blocks. Raises OSError."""
    found = await asyncio.get_running_loop().run_in_executor(
        lookups, partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    )
    return [ipaddress.ip_address(str(at[0]).partition("%")[0]) for *_, at in found]
