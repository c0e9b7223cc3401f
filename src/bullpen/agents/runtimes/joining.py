"""A provider's answer, whole: of a stream its pieces joined, of anything else its bytes."""

from collections.abc import Callable
from typing import Any, Protocol

import httpx2

from bullpen.agents.runtimes.joining_anthropic import Message
from bullpen.agents.runtimes.joining_google import Generated
from bullpen.agents.runtimes.joining_openai import Completion
from bullpen.agents.runtimes.pieces import Emit
from bullpen.agents.runtimes.reading import Unreadable, error_in
from bullpen.agents.runtimes.sse import Lines, is_stream


class Broken(Exception):
    """The stream ended before the answer did, as where a connection is lost."""


class Joining(Protocol):
    @property
    def is_whole(self) -> bool: ...

    def take(self, data: dict[str, Any]) -> None: ...

    def whole(self) -> dict[str, Any]: ...


FORMS: dict[str, Callable[[Emit], Joining]] = {
    "openai": Completion,
    "anthropic": Message,
    "google": Generated,
}


class Stream:
    def __init__(self, form: str, emit: Emit) -> None:
        self._joining = FORMS[form](emit)
        self._lines = Lines()
        # What the server says instead of going on.
        self._error: dict[str, Any] | None = None

    def take(self, content: bytes) -> None:
        for data in self._lines.take(content):
            self._read(data)

    def _read(self, data: dict[str, Any]) -> None:
        if self._error is not None:
            return
        if data.get("error") or data.get("type") == "error" or data.get("object") == "error":
            self._error = data if error_in(data) is not None else {"error": {"message": ""}}
        else:
            self._joining.take(data)

    def end(self) -> dict[str, Any]:
        for data in self._lines.end():
            self._read(data)
        if self._error is not None:
            return self._error
        if not self._joining.is_whole and not self._lines.is_done:
            raise Broken("the stream ended before the answer did")
        return self._joining.whole()


async def joined(
    form: str, response: httpx2.Response, most_bytes: int, emit: Emit
) -> bytes | dict[str, Any]:
    content = bytearray()
    stream: Stream | None = None
    is_known, size = not response.is_success, 0
    try:
        async for piece in response.aiter_bytes():
            size += len(piece)
            if size > most_bytes:
                raise Unreadable("it is far too long")
            if stream is not None:
                stream.take(piece)
                continue
            content += piece
            if not is_known and (found := is_stream(bytes(content))) is not None:
                is_known = True
                if found:
                    stream = Stream(form, emit)
                    stream.take(bytes(content))
    except httpx2.DecodingError:
        raise Unreadable("it cannot be unpacked") from None
    return bytes(content) if stream is None else stream.end()
