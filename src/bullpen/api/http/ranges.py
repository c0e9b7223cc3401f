"""Which part of a file a request asks for (RFC 9110): one range of bytes, or all of it."""

import re
from typing import NamedTuple

from fastapi import Request

ONE = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*")


class Range(NamedTuple):
    """From the first byte to before `end`."""

    start: int
    end: int


class Unsatisfiable(NamedTuple):
    """The file has no such bytes."""


def range_of(request: Request, size: int, tag: str) -> Range | Unsatisfiable | None:
    """None for the whole file: also where several ranges are asked for, or another version."""
    if request.method not in ("GET", "HEAD"):
        return None
    found = ONE.fullmatch(request.headers.get("range", ""))
    if found is None or found[1] == found[2] == "":
        return None
    condition = request.headers.get("if-range")
    if condition is not None and condition.strip() != tag:
        return None
    if found[1] == "":
        length = min(int(found[2]), size)
        return Range(size - length, size) if length else Unsatisfiable()
    start = int(found[1])
    end = min(int(found[2]) + 1, size) if found[2] else size
    if found[2] and int(found[2]) < start:
        return None
    return Range(start, end) if start < size else Unsatisfiable()
