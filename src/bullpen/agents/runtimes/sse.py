"""The lines of a stream of server-sent events, as they arrive."""

import json
from collections.abc import Iterator
from typing import Any

from bullpen.agents.runtimes.reading import Unreadable, parsed

BEGINNINGS = (b"data:", b"event:", b"id:", b"retry:", b":")
DONE = b"[DONE]"
LONGEST_BEGINNING = max(map(len, BEGINNINGS))


def is_stream(content: bytes) -> bool | None:
    """Whether an answer that begins so is one, whatever its headers say; None: more is needed."""
    begins = content.lstrip(b" \t\r\n\xef\xbb\xbf")
    if begins.startswith(BEGINNINGS):
        return True
    if len(begins) < LONGEST_BEGINNING and any(one.startswith(begins) for one in BEGINNINGS):
        return None
    return False


class Lines:
    """Takes bytes, cut anywhere; gives the data of each whole event."""

    def __init__(self) -> None:
        self.is_done = False
        self._rest = b""

    def take(self, content: bytes) -> Iterator[dict[str, Any]]:
        *lines, self._rest = (self._rest + content).split(b"\n")
        for line in lines:
            yield from self._read(line)

    def end(self) -> Iterator[dict[str, Any]]:
        """Some servers leave out the last line's end."""
        rest, self._rest = self._rest, b""
        yield from self._read(rest)

    def _read(self, line: bytes) -> Iterator[dict[str, Any]]:
        # Some servers write "\r\n", and some put a byte order mark first.
        bare = line.strip(b" \t\r\xef\xbb\xbf")
        if not bare.startswith(b"data:"):
            return
        data = bare[5:].strip()
        if data == DONE:
            self.is_done = True
        elif data:
            try:
                read = json.loads(data)
            except (ValueError, RecursionError):
                # Says why, and reads what is not quite UTF-8.
                read = parsed(data)
            if not isinstance(read, dict):
                raise Unreadable("it holds no message")
            yield read
