"""Requests to push services, whose addresses come from browsers: only to public ones, over TLS."""

import asyncio
import ipaddress
import ssl
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from bullpen.kit.public_addresses import Address, addresses_of, is_public

if TYPE_CHECKING:
    import httpx2

SECONDS = 10.0
HTTPS = 443
LONGEST = 1000


class NotPublic(Exception):
    """Where it leads is not in the internet."""


def endpoint_problem(endpoint: str) -> str | None:
    """Why nothing can be sent there, as far as the address says it."""
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return "give the address of a push service"
    if parts.scheme != "https" or not parts.hostname or parts.username is not None or port == 0:
        return "give the https address of a push service"
    if any(sign <= " " or sign > "~" for sign in endpoint) or len(endpoint) > LONGEST:
        return f"give an address of up to {LONGEST} plain characters"
    try:
        address = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return None
    return None if is_public(address) else "give the address of a push service in the internet"


class PushClient:
    """`admits`: which addresses it connects to. A name is looked up once for each request, and the
    address that was looked at is the one that is connected to."""

    def __init__(
        self,
        admits: Callable[[Address], bool] = is_public,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self._admits = admits
        self._trusted = trusted
        self._client: httpx2.AsyncClient | None = None
        # Names that take long to be looked up are not to hold up anything else of the process.
        self._lookups = ThreadPoolExecutor(4, "push names")

    async def post(self, endpoint: str, headers: Mapping[str, str], content: bytes) -> int:
        """The status of the answer, whose body is not read. Raises `NotPublic`, TimeoutError,
        OSError, or `httpx2.HTTPError`. Redirects are not followed."""
        async with asyncio.timeout(SECONDS):
            parts = urlsplit(endpoint)
            assert parts.hostname
            port = parts.port or HTTPS
            address = await self._find(parts.hostname, port)
            host = f"[{address}]" if address.version == 6 else str(address)  # noqa: PLR2004
            pinned = urlunsplit(parts._replace(netloc=f"{host}:{port}"))
            async with self._opened().stream(
                "POST",
                pinned,
                content=content,
                headers={**headers, "Host": parts.netloc},
                extensions={"sni_hostname": parts.hostname},
            ) as response:
                return int(response.status_code)

    async def _find(self, name: str, port: int) -> Address:
        addresses = await addresses_of(name, port, self._lookups)
        if not addresses or not all(map(self._admits, addresses)):
            raise NotPublic
        return addresses[0]

    def _opened(self) -> "httpx2.AsyncClient":
        import httpx2  # noqa: PLC0415 - where nobody subscribes, it is not loaded

        if self._client is None:
            # No proxy of the environment: it would look the name up again.
            self._client = httpx2.AsyncClient(
                verify=self._trusted or ssl.create_default_context(),
                trust_env=False,
                follow_redirects=False,
                timeout=SECONDS,
            )
        return self._client

    async def close(self) -> None:
        self._lookups.shutdown(wait=False, cancel_futures=True)
        if self._client is not None:
            await self._client.aclose()
