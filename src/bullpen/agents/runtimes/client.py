"""The HTTP client that providers' SDKs ask through: it reads answers before they do.

Above a transport, not as one: with a transport of its own, httpx would not heed the proxies that
the environment names.
"""

import json
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import httpx2
from pydantic_ai.models import get_user_agent

from bullpen.agents.runtimes.reading import Unreadable, error_in, parsed, status_of
from bullpen.agents.runtimes.reading_anthropic import read_message
from bullpen.agents.runtimes.reading_openai import read_completion, streamed

CONNECT_SECONDS = 10.0
# An answer larger than this is nothing that a chat can show.
MOST_BYTES = 16_000_000
# How an answer that cannot be read is told to the SDK: as an error that is not tried again.
UNREADABLE_STATUS = 422
UNREADABLE = "unreadable_answer"
OK, REDIRECTED, REFUSED = 200, 300, 400

Read = Callable[[Any, dict[str, Any]], dict[str, Any]]
READERS: dict[str, Read] = {"openai": read_completion, "anthropic": read_message}


@dataclass
class Trouble:
    """How the last request ended that the SDK has tried again since."""

    status: int
    message: str


# Of the run that asks, where it is interested.
TROUBLE: ContextVar[list[Trouble] | None] = ContextVar("TROUBLE", default=None)


class ReadingClient(httpx2.AsyncClient):
    def __init__(self, form: str) -> None:
        timeout = httpx2.Timeout(600.0, connect=CONNECT_SECONDS)
        super().__init__(
            timeout=timeout, headers={"User-Agent": get_user_agent()}, follow_redirects=False
        )
        self._form = form

    async def send(
        self, request: httpx2.Request, *, stream: bool = False, **options: Any
    ) -> httpx2.Response:
        response = await super().send(request, stream=True, **options)
        if stream:
            return response
        try:
            content = await bounded(response)
            status, body = self.read(response.status_code, content, request)
        except Unreadable as problem:
            status, body = UNREADABLE_STATUS, failure(self._form, str(problem), UNREADABLE, None)
        finally:
            await response.aclose()
        headers = {
            name: value
            for name, value in response.headers.items()
            if not name.startswith(("content-", "transfer-")) and name != "x-should-retry"
        }
        headers["content-type"] = "application/json"
        return httpx2.Response(status, headers=headers, content=body, request=request)

    def read(self, status: int, content: bytes, request: httpx2.Request) -> tuple[int, bytes]:
        if not OK <= status < REFUSED:
            return status, self.refusal(status, content)
        if status >= REDIRECTED:
            raise Unreadable(f"it leads elsewhere ({status}), so the address may be wrong")
        if self._form not in READERS:
            parsed(content)
            return status, content
        data = streamed(content) if self._form == "openai" else None
        data = parsed(content) if data is None else data
        if error_in(data) is not None:
            status = status_of(error_in(data) or {})
            return status, self.refusal(status, content, data)
        read = READERS[self._form](data, json.loads(request.content))
        # Escaped, so that half a sign passes through it as it came.
        return OK, json.dumps(read).encode()

    def refusal(self, status: int, content: bytes, data: Any = None) -> bytes:
        """The provider's error in the form that the SDK expects, with its own words."""
        try:
            error = error_in(parsed(content) if data is None else data) or {}
        except Unreadable:
            # Plain text is as good; of a web page only the proxy's owner can make something.
            is_page = content.lstrip().startswith(b"<")
            error = {"message": "" if is_page else content.decode(errors="replace").strip()}
        message = error.get("message") or ""
        if (heard := TROUBLE.get()) is not None:
            heard.append(Trouble(status, message))
        if self._form not in READERS:
            return content
        return failure(self._form, message, error.get("type"), error.get("code"))


async def bounded(response: httpx2.Response) -> bytes:
    content = bytearray()
    try:
        async for piece in response.aiter_bytes():
            content += piece
            if len(content) > MOST_BYTES:
                raise Unreadable("it is far too long")
    except httpx2.DecodingError:
        raise Unreadable("it cannot be unpacked") from None
    return bytes(content)


def failure(form: str, message: str, kind: str | None, code: str | None) -> bytes:
    error = {"message": message, "type": kind, "code": code}
    if form == "anthropic":
        return json.dumps({"type": "error", "error": error}).encode()
    return json.dumps({"error": error}).encode()
