"""Refuses requests before any route sees them, and adds the headers that protect the browser."""

from collections.abc import Iterable
from contextlib import suppress

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bullpen.api.http.bearer import has_bearer
from bullpen.api.http.errors import FileTooLarge, refusal
from bullpen.api.http.methods import CHANGING
from bullpen.api.http.origins import Host, is_same_origin, read_host, read_origin
from bullpen.api.http.sources import source_of
from bullpen.api.http.uploads import A_FORM, FORMS, is_file, is_upload
from bullpen.digests.unsubscribing import PATH as UNSUBSCRIBE
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.pictures import LARGEST_FILE

LARGEST_BODY = 1_000_000
# Where an agent's file is sent, how large it may be, and as what: no form of another site sends it.
AGENT_FILES = {"/api/agents/import": 10_000_000}
FILE_TYPES = ("application/zip", "application/octet-stream")
# Set in the scope of a request that asks for the headers alone.
HEAD = "bullpen.head"
TOO_LARGE = "The request body is too large. Send at most {:,} bytes."
FILE_TOO_LARGE = "The file is too large. Files may have at most {:,} bytes."
ELSEWHERE = "Changes are accepted only from Bullpen's own pages."
NO_SNIFFING = (b"x-content-type-options", b"nosniff")
# For a year no browser asks this host without TLS.
TLS_ALONE = (b"strict-transport-security", b"max-age=31536000")
HEADERS = (
    NO_SNIFFING,
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


def answered_as_get(scope: Scope) -> Scope:
    """Of the API, HEAD is GET without the body, which the server leaves out by itself."""
    path = scope["path"]
    if scope["method"] != "HEAD" or not (path.startswith("/api/") or path == "/metrics"):
        return scope
    return {**scope, "method": "GET", HEAD: True}


def largest_body(method: str, path: str, largest_file: int) -> int:
    if is_file(method, path):
        return largest_file
    if path in AGENT_FILES:
        return AGENT_FILES[path]
    return LARGEST_FILE if is_upload(method, path) else LARGEST_BODY


def limited(receive: Receive, largest: int, *, of_file: bool) -> Receive:
    """A body may also come in chunks, without saying how long it is."""
    received = 0

    async def receive_limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > largest and of_file:
            raise FileTooLarge(FILE_TOO_LARGE.format(largest))
        if received > largest:
            raise HTTPException(413, TOO_LARGE.format(largest), {"Connection": "close"})
        return message

    return receive_limited


class Guard:
    def __init__(
        self,
        app: ASGIApp,
        hosts: Iterable[str] | None,
        public_url: str | None,
        largest_file: int = LARGEST_BODY,
    ) -> None:
        self.app = app
        self.largest_file = largest_file
        self.public = None if public_url is None else read_origin(public_url)
        # A page elsewhere can point its own name at this address (DNS rebinding): where everybody
        # who reaches the server may act, only known names may be used for it.
        self.hosts = None if hosts is None else frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        source = source_of(scope)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                path = scope["path"]
                # A page loads dozens of files; what protects a document would cost them kilobytes.
                added = [NO_SNIFFING] if path.startswith("/static/") else HEADERS
                message["headers"] = [*message["headers"], *added]
                if source.scheme == "https":
                    message["headers"].append(TLS_ALONE)
                if path.startswith("/api/"):
                    MutableHeaders(scope=message).setdefault("cache-control", "no-store")
            await send(message)

        headers = Headers(scope=scope)
        method, path = scope["method"], scope["path"]
        problem = self.problem_with(method, path, source.host, headers)
        if problem is not None:
            code, text = problem
            # The rest of the body is not read, so the connection cannot be used again.
            refused = refusal(code, text, headers={"Connection": "close"})
            await refused(scope, receive, send_guarded)
            return
        # A client that disconnects before its request is complete needs no answer.
        largest = largest_body(method, path, self.largest_file)
        receive = limited(receive, largest, of_file=is_file(method, path))
        with suppress(ClientDisconnect):
            await self.app(answered_as_get(scope), receive, send_guarded)

    def problem_with(
        self, method: str, path: str, host: str, headers: Headers
    ) -> tuple[ErrorCode, str] | None:
        named = read_host(host)
        if self.hosts is not None and (named is None or named.name not in self.hosts):
            return ErrorCode.HOST_NOT_ALLOWED, (
                f"Bullpen does not accept the host name '{host}'. Add it to BULLPEN_ALLOWED_HOSTS."
            )
        if method not in CHANGING:
            return None
        # What the browser sends by itself, a page elsewhere can use; it cannot send a token.
        by_token = has_bearer(headers)
        origin = headers.get("origin")
        if not by_token and origin is not None and not self.is_own(origin, named):
            return ErrorCode.CROSS_ORIGIN, ELSEWHERE
        # Where a browser says so itself; other clients do not send it.
        site = headers.get("sec-fetch-site", "same-origin")
        if not by_token and site not in {"same-origin", "none"}:
            return ErrorCode.CROSS_ORIGIN, ELSEWHERE
        length = headers.get("content-length")
        if length == "0" or (length is None and "transfer-encoding" not in headers):
            return None
        largest = largest_body(method, path, self.largest_file)
        if length is not None and int(length) > largest:
            if is_file(method, path):
                return ErrorCode.FILE_TOO_LARGE, FILE_TOO_LARGE.format(largest)
            return ErrorCode.BODY_TOO_LARGE, TOO_LARGE.format(largest)
        return problem_with_type(method, path, headers)

    def is_own(self, origin: str, host: Host | None) -> bool:
        """Where the host is that of the public URL, only its scheme and port are accepted."""
        if self.public is None or host is None:
            return is_same_origin(origin, host)
        found = read_origin(origin)
        if found is not None and str(found) == str(self.public):
            return True
        return host.name != self.public.host.name and is_same_origin(origin, host)


def problem_with_type(method: str, path: str, headers: Headers) -> tuple[ErrorCode, str] | None:
    """Of a body that is not what the route takes."""
    # The second takes what mail programs send (RFC 8058); what decides is in its address.
    if is_upload(method, path) or path == UNSUBSCRIBE:
        return None
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if is_file(method, path):
        return (ErrorCode.NO_FILE_BODY, A_FORM) if media_type in FORMS else None
    if path in AGENT_FILES and media_type in FILE_TYPES:
        return None
    if media_type != "application/json":
        return (
            ErrorCode.NOT_JSON,
            "Send the body as JSON, with 'Content-Type: application/json'.",
        )
    return None
