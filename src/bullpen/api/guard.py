"""Refuses requests before any route sees them, and adds the headers that protect the browser."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bullpen.api.answers import answer
from bullpen.api.errors import body

LARGEST_BODY = 1_000_000
TOO_LARGE = f"The body is too large; at most {LARGEST_BODY:,} bytes are taken."
NO_SNIFFING = (b"x-content-type-options", b"nosniff")
HEADERS = (
    NO_SNIFFING,
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


def limited(receive: Receive) -> Receive:
    """A body may also come in chunks, without saying how long it is."""
    received = 0

    async def receive_limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > LARGEST_BODY:
            raise HTTPException(413, TOO_LARGE, {"Connection": "close"})
        return message

    return receive_limited


def host_of(netloc: str) -> str:
    """Without its port; none, where it is no address at all."""
    try:
        return urlsplit(f"//{netloc}").hostname or ""
    except ValueError:
        return ""


def netloc_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


class Guard:
    def __init__(self, app: ASGIApp, hosts: Iterable[str] | None) -> None:
        self.app = app
        # A page elsewhere can point its own name at this address (DNS rebinding): where whoever
        # reaches the server may act, only known names may be used for it.
        self.hosts = None if hosts is None else frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                path = scope["path"]
                # A page loads dozens of files; what protects a document would cost them kilobytes.
                added = [NO_SNIFFING] if path.startswith("/static/") else HEADERS
                message["headers"] = [*message["headers"], *added]
                if path.startswith("/api/"):
                    MutableHeaders(scope=message).setdefault("cache-control", "no-store")
            await send(message)

        headers = Headers(scope=scope)
        problem = self.problem_with(scope["method"], headers)
        if problem is not None:
            status, text = problem
            # The rest of the body is not read, so the connection cannot be used again.
            refusal = answer(body(text), status, {"Connection": "close"})
            await refusal(scope, receive, send_guarded)
            return
        await self.app(scope, limited(receive), send_guarded)

    def problem_with(self, method: str, headers: Headers) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if self.hosts is not None and host_of(host) not in self.hosts:
            return 403, f"Bullpen does not answer as '{host}'; add it to BULLPEN_ALLOWED_HOSTS."
        if method not in CHANGING:
            return None
        origin = headers.get("origin")
        if origin is not None and (netloc_of(origin) or None) != host:
            return 403, "Changes are only taken from Bullpen's own pages."
        length = headers.get("content-length")
        if length == "0" or (length is None and "transfer-encoding" not in headers):
            return None
        if length is not None and int(length) > LARGEST_BODY:
            return 413, TOO_LARGE
        if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return 415, "Send the body as JSON, with 'Content-Type: application/json'."
        return None
