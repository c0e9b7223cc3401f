"""What messages and archives have in common when they are searched: terms, marks and cursors."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct

from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid
from bullpen.kit.words import fold, placed, words

LONGEST_SEARCH = 500
# Characters of a text that are shown around what was found, and how many of them before it.
SHOWN = 300
SHOWN_BEFORE = 80
# Characters of a long text that are looked through first.
BEGINNING = 2_000
# Postgres gives this number to all words from here on.
LAST_PLACE = 16_383

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


class Segment(Struct):
    """A piece of an excerpt."""

    text: Annotated[str, Meta(description="The text of this piece.")]
    hit: Annotated[bool, Meta(description="Whether this piece matches the search.")]


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
Spans = Sequence[tuple[int, int]]


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
    return [terms for terms in alternatives if terms]


def terms_json(terms: Terms) -> str:
    """What `query_of` and `stem_terms` in the database take."""
    return msgspec.json.encode(terms).decode()


def read_stemmed(terms: str | None) -> StemmedTerms:
    return msgspec.json.decode(terms or "[]", type=StemmedTerms)


def read_places(places: str | None) -> Places:
    return msgspec.json.decode(places or "{}", type=Places)


def marked(text: str, terms: StemmedTerms, places: Places, windows: int = 1) -> list[Segment]:
    """The text in segments, of which those are hits that the terms stand for. Of a long text it is
    what surrounds the first hits, in so many windows."""
    if windows == 1 and len(text) > BEGINNING:
        # Mostly the first hit is near the beginning, and the rest takes long to split. What is at
        # the cut may be half a word.
        spans = list(marked_spans(text[:BEGINNING], terms, places))
        whole = [span for span in spans if span[1] < BEGINNING - SHOWN]
        if whole and whole[0][1] < BEGINNING - 2 * SHOWN:
            return shown(text, whole, windows)
    return shown(text, list(marked_spans(text, terms, places)), windows)


def marked_part(text: str, part: str) -> list[Segment]:
    """The text with a part of it that need not be a word."""
    folded, starts, ends = placed(text)
    wanted = fold(part)
    at = folded.find(wanted)
    return shown(text, [(starts[at], ends[at + len(wanted) - 1])] if at >= 0 and wanted else [], 1)


def shown(text: str, spans: Spans, windows: int) -> list[Segment]:
    if len(text) <= SHOWN:
        return segments(text, 0, len(text), spans)
    found: list[Segment] = []
    end = 0
    for start, stop in windows_of(text, spans, windows):
        if start > end and found:
            found.append(Segment(" … ", hit=False))
        found += segments(text, start, stop, spans)
        end = stop
    return found


def marked_spans(text: str, terms: StemmedTerms, places: Places) -> Iterator[tuple[int, int]]:
    """Places in the text, in order and apart from each other."""
    wanted, joined = wanted_places(terms, places)
    if not wanted:
        return
    last = max(wanted)
    open_span: tuple[int, int] | None = None
    before = 0
    for number, word in enumerate(words(text), start=1):
        if number > last:
            break
        if number not in wanted:
            continue
        start, end = word.start, word.first if wanted[number] else word.end
        if open_span is not None and (
            start <= open_span[1]
            or ((before, number) in joined and not re.search(r"\s", text[open_span[1] : start]))
        ):
            open_span = open_span[0], max(end, open_span[1])
        else:
            if open_span is not None:
                yield open_span
            open_span = start, end
        before = number
    if open_span is not None:
        yield open_span


def wanted_places(
    terms: StemmedTerms, places: Places
) -> tuple[dict[int, bool], set[tuple[int, int]]]:
    """The numbers of the words to mark, and whether only the first character of each; and which
    of them belong together."""
    wanted: dict[int, bool] = {}
    joined: set[tuple[int, int]] = set()
    for term in (term for alternative in terms for term in alternative if not term.negated):
        found = [standing(word, places) for word in term.words]
        first = term.words[0].place
        for start in found[0]:
            at = [start + word.place - first for word in term.words]
            if not all(place in these for place, these in zip(at, found, strict=True)):
                continue
            for place, word in zip(at, term.words, strict=True):
                single = word.begins and len(word.word) == 1 and not word.word.isascii()
                wanted[place] = single and wanted.get(place, True)
            joined.update(pairwise(at))
    return wanted, joined


def standing(word: StemmedWord, places: Places) -> set[int]:
    return {
        place
        for lexeme, these in places.items()
        if lexeme == word.word or (word.begins and lexeme.startswith(word.word))
        for place in these
        if place < LAST_PLACE
    }


def windows_of(text: str, spans: Spans, most: int) -> Iterator[tuple[int, int]]:
    hits = [start for start, _ in spans] or [0]
    end = 0
    for _ in range(most):
        hits = [hit for hit in hits if hit >= end]
        if not hits:
            return
        start = cut_before(text, max(end, hits[0] - SHOWN_BEFORE), hits[0])
        end = cut_after(text, max(start + SHOWN // most, hits[0] + 1))
        yield start, end


def cut_before(text: str, start: int, hit: int) -> int:
    """Not within a word, where there are spaces."""
    if start == 0:
        return 0
    space = re.compile(r"\s+").search(text, start, hit)
    return space.end() if space else start


def cut_after(text: str, end: int) -> int:
    if end >= len(text):
        return len(text)
    spaces = list(re.compile(r"\s").finditer(text, end - SHOWN_BEFORE // 2, end))
    return spaces[-1].start() if spaces else end


def segments(text: str, start: int, end: int, spans: Spans) -> list[Segment]:
    found = []
    for span in spans:
        first, last = max(span[0], start), min(span[1], end)
        if first < last:
            found.append(Segment(text[start:first], hit=False))
            found.append(Segment(text[first:last], hit=True))
            start = last
    found.append(Segment(text[start:end], hit=False))
    return [segment for segment in found if segment.text]


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
