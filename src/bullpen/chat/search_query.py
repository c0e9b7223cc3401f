"""The query of a message search: words, and from:, in:, has:, before: and after:."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

from msgspec import Struct

from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid
from bullpen.kit.fulltext import check_length, with_plain_quotes

Has = Literal["link", "code", "file", "reaction", "thread"]
HAS: tuple[Has, ...] = ("link", "code", "file", "reaction", "thread")
# A value may be in quotes; a word that is in quotes as a whole is no operator.
OPERATOR = re.compile(
    r'(?<!\S)(from|in|has|before|after)[:\uff1a][@#]?(?:"([^"]*)"?|([^\s"]*))', re.IGNORECASE
)
QUOTED = re.compile(r'"[^"]*"')


class SearchQuery(Struct, frozen=True):
    """Several values of one operator: either; several operators: all of them."""

    words: str
    from_: tuple[str, ...] = ()
    in_: tuple[str, ...] = ()
    has: tuple[Has, ...] = ()
    before: datetime | None = None
    after: datetime | None = None


def parse_query(text: str, me: str, zone: tzinfo = UTC) -> SearchQuery:
    check_length(text)
    text = with_plain_quotes(text)
    found: dict[str, list[str]] = {name: [] for name in ("from", "in", "has", "before", "after")}
    words: list[str] = []
    rest = 0
    quoted = [match.span() for match in QUOTED.finditer(text)]
    for match in OPERATOR.finditer(text):
        if any(start < match.start() < end for start, end in quoted):
            continue
        words.append(text[rest : match.start()])
        rest = match.end()
        found[match[1].lower()].append(match[2] if match[2] is not None else match[3])
    words.append(text[rest:])
    days_before = [day("before", value) for value in found["before"]]
    days_after = [day("after", value) + timedelta(days=1) for value in found["after"]]
    return SearchQuery(
        words=" ".join(" ".join(words).split()),
        from_=tuple(me if value == "me" else value for value in found["from"]),
        in_=tuple(found["in"]),
        has=tuple(kinds(found["has"])),
        before=beginning(min(days_before), zone) if days_before else None,
        after=beginning(max(days_after), zone) if days_after else None,
    )


def kinds(values: list[str]) -> Iterator[Has]:
    for value in values:
        kind = next((known for known in HAS if known == value.lower()), None)
        if kind is None:
            raise Invalid(
                ErrorCode.INVALID_SEARCH, f"Use one of {', '.join(HAS)} after has:, not '{value}'."
            )
        yield kind


def day(name: str, value: str) -> date:
    try:
        found = date.fromisoformat(value)
    except ValueError as problem:
        raise Invalid(
            ErrorCode.INVALID_SEARCH, f"Use a date like 2026-03-04 after {name}:, not '{value}'."
        ) from problem
    # The first and the last years have days that no zone's instant can be given for.
    if not 1900 <= found.year <= 9000:  # noqa: PLR2004 - as the comment says
        raise Invalid(ErrorCode.INVALID_SEARCH, f"Use a date between 1900 and 9000 after {name}:.")
    return found


def beginning(of: date, zone: tzinfo) -> datetime:
    return datetime.combine(of, time(), zone)
