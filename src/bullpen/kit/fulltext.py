"""What messages and archives have in common when they are searched: terms and cursors."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import TypeVar

import msgspec
from msgspec import Struct

from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid

LONGEST_SEARCH = 500

# Every mark that people, keyboards and word processors put around what belongs together.
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂〝〞〟", '"'))  # noqa: RUF001 - as meant
TERM = re.compile(r'(-*)(?:"([^"]*)"?|([^\s"]+))')

CursorType = TypeVar("CursorType", bound=Struct)


class Term(Struct, frozen=True):
    """Words that stand next to each other. `begins`: the last of them may go on."""

    text: str
    quoted: bool = False
    negated: bool = False
    begins: bool = False


class StemmedWord(Struct):
    word: str
    place: int
    begins: bool


class StemmedTerm(Struct):
    words: list[StemmedWord]
    negated: bool


# Alternatives of terms: of one of them, all.
Terms = Sequence[Sequence[Term]]
StemmedTerms = list[list[StemmedTerm]]
# Where each word stands in a text, by its number.
Places = dict[str, list[int]]


def check_length(text: str) -> None:
    if len(text) > LONGEST_SEARCH:
        raise Invalid(
            ErrorCode.VALIDATION_FAILED,
            f"Validation failed: this search has {len(text):,} characters."
            f" Shorten it to {LONGEST_SEARCH} or fewer.",
        )


def with_plain_quotes(text: str) -> str:
    return text.translate(QUOTES)


def read_terms(text: str) -> Terms:
    """Words, "phrases", -not and begin*; `or` between two of them makes alternatives."""
    alternatives: list[list[Term]] = [[]]
    matches = list(TERM.finditer(with_plain_quotes(text)))
    for number, match in enumerate(matches):
        minus, phrase, word = match.groups()
        if phrase is not None:
            alternatives[-1].append(Term(phrase, quoted=True, negated=bool(minus)))
        elif word.lower() == "or" and not minus and 0 < number < len(matches) - 1:
            alternatives.append([])
        else:
            begins = word.endswith("*")
            alternatives[-1].append(Term(word, negated=bool(minus), begins=begins))
    # The same again and again costs as much as different ones, and finds nothing else.
    return [list(dict.fromkeys(terms)) for terms in alternatives if terms]


def terms_json(terms: Terms) -> str:
    """What `query_of` and `stem_terms` in the database take."""
    return msgspec.json.encode(terms).decode()


def read_stemmed(terms: str | None) -> StemmedTerms:
    return msgspec.json.decode(terms or "[]", type=StemmedTerms)


def read_places(places: str | None) -> Places:
    return msgspec.json.decode(places or "{}", type=Places)


def encode_cursor(cursor: Struct) -> str:
    return urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def decode_cursor(cursor: str, kind: type[CursorType]) -> CursorType:
    try:
        padded = cursor.rstrip("=").encode() + b"=" * (-len(cursor.rstrip("=")) % 4)
        return msgspec.json.decode(urlsafe_b64decode(padded), type=kind)
    except (ValueError, msgspec.MsgspecError) as problem:
        raise Invalid(
            ErrorCode.INVALID_CURSOR,
            "This cursor is not valid. Send the nextCursor of the previous page.",
        ) from problem
