"""The HTTP client that providers' SDKs ask through: it reads answers before they do.

The SDKs ask for whole answers. The client asks for streams in their place, emits what arrives piece
by piece (pieces.py), and gives the SDK the whole answer at its end.

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

from bullpen.agents.runtimes.joining import Broken, joined
from bullpen.agents.runtimes.pieces import EMIT, Begun
from bullpen.agents.runtimes.reading import Unreadable, error_in, parsed, status_of
from bullpen.agents.runtimes.reading_anthropic import read_message
from bullpen.agents.runtimes.reading_openai import read_completion
from bullpen.agents.runtimes.streamed_requests import streamed
from bullpen.kit.certificates import trusted

CONNECT_SECONDS = 10.0
# An answer larger than this is nothing that a chat can show.
MOST_BYTES = 16_000_000
# How an unreadable answer is reported to the SDK: as an error that is not tried again.
UNREADABLE_STATUS = 422
UNREADABLE = "unreadable_answer"
OK, REDIRECTED, REFUSED = 200, 300, 400
BAD_REQUESTS = (400, 422)

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
            verify=trusted(),
            timeout=timeout,
            headers={"User-Agent": get_user_agent()},
            follow_redirects=False,
        )
        self._form = form
        # Whether the server takes requests for streams, as far as is known.
        self._streams = True

    async def send(
        self, request: httpx2.Request, *, stream: bool = False, **options: Any
    ) -> httpx2.Response:
        if stream:
            return await super().send(request, stream=True, **options)
        asked = (streamed(self._form, request) if self._streams else None) or request
        emit = EMIT.get()
        emit(Begun())
        response = await super().send(asked, stream=True, **options)
        try:
            content = await joined(self._form, response, MOST_BYTES, emit)
            if asked is not request and refuses_streams(response.status_code, content):
                self._streams = False
                return await self.send(request, **options)
            status, body = self.read(response.status_code, content, request)
        except Unreadable as problem:
            status, body = UNREADABLE_STATUS, failure(self._form, str(problem), UNREADABLE, None)
        except Broken as problem:
            raise httpx2.RemoteProtocolError(str(problem), request=request) from problem
        finally:
            await response.aclose()
        headers = {
            name: value
            for name, value in response.headers.items()
            if not name.startswith(("content-", "transfer-")) and name != "x-should-retry"
        }
        headers["content-type"] = "application/json"
        return httpx2.Response(status, headers=headers, content=body, request=request)

    def read(
        self, status: int, content: bytes | dict[str, Any], request: httpx2.Request
    ) -> tuple[int, bytes]:
        """The answer, which is a dictionary where it came as a stream."""
        data: Any
        if isinstance(content, bytes):
            if not OK <= status < REFUSED:
                return status, self.refusal(status, content)
            if status >= REDIRECTED:
                raise Unreadable(f"it leads elsewhere ({status}), so the address may be wrong")
            data = parsed(content)
        else:
            data, content = content, json.dumps(content).encode()
        if self._form not in READERS:
            error = error_in(data) if isinstance(data, dict) and data.get("error") else None
            return status if error is None else status_of(error), content
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


def refuses_streams(status: int, content: bytes | dict[str, Any]) -> bool:
    """A server that does not know the fields that ask for one may refuse them by name."""
    return status in BAD_REQUESTS and isinstance(content, bytes) and b"stream" in content


def failure(form: str, message: str, kind: str | None, code: str | None) -> bytes:
    error = {"message": message, "type": kind, "code": code}
    if form == "anthropic":
        return json.dumps({"type": "error", "error": error}).encode()
    return json.dumps({"error": error}).encode()
