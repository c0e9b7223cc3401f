"""The hits of a search in a text: which parts of it are shown, and what in them is marked."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import pairwise, takewhile
from typing import Annotated

from msgspec import Meta, Struct

from bullpen.kit.fulltext import Places, StemmedTerms
from bullpen.kit.words import Folded, fold, words

# Characters of a text that are shown around what was found, and how many of them before it.
SHOWN = 300
SHOWN_BEFORE = 80
# Postgres gives this number to all words from here on.
LAST_PLACE = 16_383

SPACE = re.compile(r"\s")
SPACES = re.compile(r"\s+")
Span = tuple[int, int]


class Segment(Struct):
    """A piece of an excerpt."""

    text: Annotated[str, Meta(description="The text of this piece.")]
    hit: Annotated[bool, Meta(description="Whether this piece matches the search.")]


def marked(text: str, terms: StemmedTerms, places: Places, windows: int = 1) -> list[Segment]:
    """The text in segments, of which those are hits that the terms stand for. Of a long text it is
    what surrounds the first hits, in so many windows."""
    return shown(text, marked_spans(text, terms, places), windows)


def marked_part(text: str, part: str) -> list[Segment]:
    """The text with a part of it that need not be a word."""
    folded = Folded(text)
    wanted = fold(part)
    at = "".join(block for block, _ in folded.blocks()).find(wanted) if wanted else -1
    found = [(folded.place(at)[0], folded.place(at + len(wanted) - 1)[1])] if at >= 0 else []
    return shown(text, iter(found), 1)


def shown(text: str, spans: Iterator[Span], windows: int) -> list[Segment]:
    """Reads no more of the spans than are shown."""
    if len(text) <= SHOWN:
        return segments(text, 0, len(text), spans)
    found: list[Segment] = []
    end = 0
    for start, stop, near in windows_of(text, spans, windows):
        if start > end and found:
            found.append(Segment(" … ", hit=False))
        found += segments(text, start, stop, near)
        end = stop
    return found


def windows_of(
    text: str, spans: Iterator[Span], most: int
) -> Iterator[tuple[int, int, list[Span]]]:
    """Where each begins and ends, and the spans in it."""
    near: list[Span] = []
    end = 0
    for _ in range(most):
        near = [span for span in near if span[1] > end]
        hit = next((start for start, _ in near if start >= end), None)
        while hit is None and (span := next(spans, None)):
            near.append(span)
            hit = span[0] if span[0] >= end else None
        if hit is None and end > 0:
            return
        hit = hit or 0
        start = cut_before(text, max(end, hit - SHOWN_BEFORE), hit)
        end = cut_after(text, max(start + SHOWN // most, hit + 1))
        while near and near[-1][0] < end and (span := next(spans, None)):
            near.append(span)
        yield start, end, near


def cut_before(text: str, start: int, hit: int) -> int:
    """Not within a word, where there are spaces."""
    if start == 0:
        return 0
    space = SPACES.search(text, start, hit)
    return space.end() if space else start


def cut_after(text: str, end: int) -> int:
    if end >= len(text):
        return len(text)
    spaces = list(SPACE.finditer(text, end - SHOWN_BEFORE // 2, end))
    return spaces[-1].start() if spaces else end


def segments(text: str, start: int, end: int, spans: Iterable[Span]) -> list[Segment]:
    found = []
    for span in spans:
        first, last = max(span[0], start), min(span[1], end)
        if first < last:
            found.append(Segment(text[start:first], hit=False))
            found.append(Segment(text[first:last], hit=True))
            start = last
    found.append(Segment(text[start:end], hit=False))
    return [segment for segment in found if segment.text]


def marked_spans(text: str, terms: StemmedTerms, places: Places) -> Iterator[Span]:
    """Places in the text, in order and apart from each other."""
    wanted = wanted_words(terms, places)
    open_span: Span | None = None
    before = 0
    for word in words(text, numbers_in(wanted.whole | wanted.first)):
        number = word.number
        start, end = word.start, word.end if wanted.whole >> number & 1 else word.first
        if open_span is not None and (
            start <= open_span[1]
            or (
                wanted.joined[number - before] >> number & 1
                and not SPACE.search(text, open_span[1], start)
            )
        ):
            open_span = open_span[0], max(end, open_span[1])
        else:
            if open_span is not None:
                yield open_span
            open_span = start, end
        before = number
    if open_span is not None:
        yield open_span


class Wanted(Struct):
    """Which words of a text to mark, each a bit at its number: as a whole, or only their first
    character. `joined`: those that belong to the word so many numbers before them."""

    whole: int
    first: int
    joined: defaultdict[int, int]


def wanted_words(terms: StemmedTerms, places: Places) -> Wanted:
    wanted = Wanted(0, 0, defaultdict(int))
    lexemes = sorted(places)
    standing = cache(partial(bits_of, places=places, lexemes=lexemes))
    # A query may say the same again and again.
    phrases = {
        tuple((word.word, word.place, word.begins) for word in term.words)
        for alternative in terms
        for term in alternative
        if not term.negated
    }
    for phrase in phrases:
        offsets = [place - phrase[0][1] for _, place, _ in phrase]
        starts = -1
        for (word, _, begins), offset in zip(phrase, offsets, strict=True):
            starts &= standing(word, begins) >> offset
        for (word, _, begins), offset in zip(phrase, offsets, strict=True):
            if begins and len(word) == 1 and not word.isascii():
                wanted.first |= starts << offset
            else:
                wanted.whole |= starts << offset
        for offset, following in pairwise(offsets):
            wanted.joined[following - offset] |= starts << following
    return wanted


def bits_of(word: str, begins: bool, places: Places, lexemes: Sequence[str]) -> int:
    """Where the words of the text are that this one of a query stands for."""
    found = [word] if word in places else []
    if begins:
        # Those that begin so follow one another.
        following = lexemes[bisect_left(lexemes, word) :]
        found = list(takewhile(lambda lexeme: lexeme.startswith(word), following))
    bits = bytearray(LAST_PLACE // 8 + 1)
    for lexeme in found:
        for place in places[lexeme]:
            if place < LAST_PLACE:
                bits[place // 8] |= 1 << place % 8
    return int.from_bytes(bits, "little")


def numbers_in(bits: int) -> Iterator[int]:
    """As they are asked for, in order."""
    signs = f"{bits:b}"[::-1]
    at = signs.find("1")
    while at >= 0:
        yield at
        at = signs.find("1", at + 1)
