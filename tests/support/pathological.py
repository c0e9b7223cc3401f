"""Texts that are hard on patterns, parsers and layout: the kinds of tests/cases/pathological.json.

Python and Node (tests/client/pathological.js) make the same texts of them; the checksum in the
table proves it.
"""

import json
from itertools import count
from pathlib import Path
from typing import Any

TABLE = json.loads((Path(__file__).parents[1] / "cases" / "pathological.json").read_text())
KINDS: list[dict[str, Any]] = TABLE["kinds"]

LONGEST = 40_000


def text_of(kind: dict[str, Any], size: int = LONGEST) -> str:
    """At most `size` code points, and nearly as many.

    `head`, then `repeat` as often as it fits (its last copy may be cut), then `tail`. With `then`,
    as many copies of `then` follow those of `repeat`. With `grow`, a pair: copies of the first,
    one more each time, each followed by the second.
    """
    head, tail = kind.get("head", ""), kind.get("tail", "")
    room = size - len(head) - len(tail)
    if "grow" in kind:
        body = _growing(*kind["grow"], room)
    elif "then" in kind:
        copies = room // len(kind["repeat"] + kind["then"])
        body = kind["repeat"] * copies + kind["then"] * copies
    else:
        body = (kind["repeat"] * (room // len(kind["repeat"]) + 1))[:room]
    return head + body + tail


def texts(size: int = LONGEST, *, encodable: bool = True, storable: bool = True) -> dict[str, str]:
    """All texts by the name of their kind.

    By default only those that UTF-8 can carry and Postgres can store (no lone surrogates, no NUL).
    """
    return {
        kind["name"]: text_of(kind, size)
        for kind in KINDS
        if (kind.get("encodable", True) or not encodable)
        and (kind.get("storable", True) or not storable)
    }


def _growing(part: str, between: str, room: int) -> str:
    pieces: list[str] = []
    length = 0
    for times in count(1):
        if length >= room:
            return "".join(pieces)[:room]
        pieces.append(part * times + between)
        length += len(pieces[-1])
    raise AssertionError
