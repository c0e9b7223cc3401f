"""Reads pages of the web whose addresses other people chose, without being led anywhere else.

Every address that a host has is checked, and the connection is made to one that was checked: a name
that is resolved a second time may lead elsewhere by then. Redirects are requests like the first.
Proxies, cookies and credentials are not used.
"""

import asyncio
import importlib
import ipaddress
import zlib
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple

from bullpen import __version__
from bullpen.kit.certificates import trusted
from bullpen.kit.public_addresses import Network, addresses_of, is_public, is_within

if TYPE_CHECKING:
    import httpcore2
    import httpx2

SECONDS = 10.0
STEP_SECONDS = 5.0
MOST_REDIRECTS = 3
PORTS = (80, 443)
LONGEST_URL = 2_000
OK = 200
REDIRECTS = (301, 302, 303, 307, 308)
ZLIB_OR_GZIP = zlib.MAX_WBITS | 32


class PageProblem(Exception):
    """Why a page was not read."""


class Page(NamedTuple):
    """`url`: where the redirects ended. `content`: perhaps only its beginning."""

    url: str
    media_type: str
    charset: str | None
    content: bytes


class PageReader:
    """`networks`: private ones that the operator lets it reach, at any port."""

    def __init__(self, networks: Iterable[str] = ()) -> None:
        self._networks = [ipaddress.ip_network(text) for text in networks]

    async def read(
        self, url: str, *, accept: str, media_types: tuple[str, ...], most_bytes: int, whole: bool
    ) -> Page:
        """`media_types`: beginnings of those that are read. `whole`: what is longer than
        `most_bytes` is refused, and not cut off."""
        # Loading it takes a moment.
        await asyncio.to_thread(importlib.import_module, "httpx2")
        import httpcore2  # noqa: PLC0415 - loaded above
        import httpx2  # noqa: PLC0415 - loaded above

        try:
            async with asyncio.timeout(SECONDS):
                for _ in range(MOST_REDIRECTS + 1):
                    target = checked_url(url)
                    async with self._answer(target, accept) as answer:
                        if answer.status in REDIRECTS:
                            url = str(target.join(header(answer, b"location") or ""))
                            continue
                        return await page_of(str(target), answer, media_types, most_bytes, whole)
                raise PageProblem("too many redirects")
        except TimeoutError:
            raise PageProblem("too slow") from None
        except (
            httpcore2.NetworkError,
            httpcore2.ProtocolError,
            httpcore2.TimeoutException,
            httpx2.InvalidURL,
            OSError,
            ValueError,
        ) as problem:
            raise PageProblem(type(problem).__name__) from problem

    @asynccontextmanager
    async def _answer(
        self, target: "httpx2.URL", accept: str
    ) -> AsyncIterator["httpcore2.Response"]:
        import httpcore2  # noqa: PLC0415 - as above

        url = httpcore2.URL(
            scheme=target.raw_scheme,
            host=target.raw_host,
            port=target.port,
            target=target.raw_path,
        )
        headers: dict[bytes | str, bytes | str] = {
            "Host": target.netloc.decode("ascii"),
            "User-Agent": f"Bullpen/{__version__} (link preview)",
            "Accept": accept,
            "Accept-Encoding": "gzip, deflate",
        }
        seconds = dict.fromkeys(("connect", "read", "write", "pool"), STEP_SECONDS)
        async with (
            httpcore2.AsyncConnectionPool(
                ssl_context=trusted(by_environment=False),
                network_backend=backend(self._networks),
            ) as pool,
            pool.stream("GET", url, headers=headers, extensions={"timeout": seconds}) as answer,
        ):
            yield answer


def checked_url(url: str) -> "httpx2.URL":
    import httpx2  # noqa: PLC0415 - as above

    target = httpx2.URL(url)
    if len(url) > LONGEST_URL:
        raise PageProblem("the address is too long")
    if target.scheme not in ("http", "https") or not target.host:
        raise PageProblem("no address of the web")
    if target.userinfo:
        raise PageProblem("the address contains a password")
    return target


def backend(networks: Sequence[Network]) -> "httpcore2.AsyncNetworkBackend":
    import httpcore2  # noqa: PLC0415 - as above

    class CheckedBackend(httpcore2.AnyIOBackend):
        async def connect_tcp(
            self, host: str, port: int, *rest: object, **options: object
        ) -> httpcore2.AsyncNetworkStream:
            address = await checked_address(host, port, networks)
            return await super().connect_tcp(address, port, *rest, **options)  # type: ignore[arg-type]

    return CheckedBackend()


async def checked_address(host: str, port: int, networks: Sequence[Network]) -> str:
    """One of the host's addresses, if all of them may be reached."""
    addresses = await addresses_of(host.strip("[]"), port)
    if not addresses:
        raise PageProblem("no such host")
    for address in addresses:
        if is_within(address, networks):
            continue
        if port not in PORTS or not is_public(address):
            raise PageProblem("the address is not public")
    return str(addresses[0])


async def page_of(
    url: str,
    answer: "httpcore2.Response",
    media_types: tuple[str, ...],
    most_bytes: int,
    whole: bool,
) -> Page:
    if answer.status != OK:
        raise PageProblem(f"status {answer.status}")
    media_type, _, parameters = (header(answer, b"content-type") or "").partition(";")
    media_type = media_type.strip().lower()
    if not media_type.startswith(media_types):
        raise PageProblem("another kind of content")
    content = bytearray()
    async for portion in unpacked(answer, most_bytes + 1):
        content += portion
        if len(content) > most_bytes:
            if whole:
                raise PageProblem("too large")
            break
    return Page(url, media_type, charset_in(parameters), bytes(content[:most_bytes]))


async def unpacked(answer: "httpcore2.Response", most_bytes: int) -> AsyncIterator[bytes]:
    """What was compressed is unpacked bit by bit: a few bytes may stand for gigabytes."""
    encoding = (header(answer, b"content-encoding") or "identity").strip().lower()
    if encoding == "identity":
        async for portion in answer.aiter_stream():
            yield portion
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise PageProblem("compressed in an unknown way")
    unpacker = zlib.decompressobj(ZLIB_OR_GZIP)
    async for portion in answer.aiter_stream():
        try:
            yield unpacker.decompress(portion, most_bytes)
        except zlib.error as problem:
            raise PageProblem("damaged") from problem
        if unpacker.eof or unpacker.unconsumed_tail:
            # With a tail, this portion alone has brought as much as is read of a page.
            return


def charset_in(parameters: str) -> str | None:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None


def header(answer: "httpcore2.Response", name: bytes) -> str | None:
    for key, value in answer.headers:
        if key.lower() == name:
            return value.decode("latin-1")
    return None
