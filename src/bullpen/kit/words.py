"""The words of a text, for search.

One rule, which runs in the database (`kit/sql/`) to index texts and to read queries, and here to
mark what was found. Both take their character classes from this file, and
`tests/cases/search.json` holds cases for both.

A word is a run of letters and digits. Everything else separates words, so the parts of a path, an
address or a version are words, and the whole of it is a phrase. In scripts that are written without
spaces, a word is a pair of neighboring characters. A symbol, such as an emoji, is a word.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain, count
from typing import NamedTuple

# A longer word is indexed by its beginning: Postgres refuses words of more than 2,046 bytes.
LONGEST_WORD = 100
MOST_MARKS = 100
# One character can stand for eighteen. What comes after so many in the folded text is not indexed.
LONGEST_FOLDED = 50_000
# Characters of a text that are folded together, and that words are looked for in together.
PIECE = 200
BLOCK = 2_000
# Of one term of a search: what comes after them in a longer phrase is not looked up.
MOST_WORDS = 100

# The classes below stand inside of brackets, in Postgres's expressions and in Python's, and hold
# for text that has been folded.

# Characters that nobody sees: joiners, directions, variants, skin tones, soft hyphens, tatweel.
INVISIBLE = (
    r"\u00ad\u034f\u061c\u0640\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff\U000e0001-\U000e01ef"
)
# Accents, and the points of Hebrew and Arabic, once they are separate characters.
ACCENTS = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    r"\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff"
    r"\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
SYMBOLS = (
    r"\u00a2-\u00a9\u00ac\u00ae-\u00b1\u00d7\u00f7\u20a0-\u20cf\u2100-\u214f\u2190-\u24ff"
    r"\u25a0-\u2bff\u3012\u3013\u3020\U0001f000-\U0001f3fa\U0001f400-\U0001faff"
)
SEPARATORS = (
    r"\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a1\u00aa\u00ab\u00ad\u00b2-\u00bf"
    r"\u02b9-\u02ff\u0375\u037e\u0387\u055a-\u055f\u0589-\u058f\u05be\u05c0\u05c3\u05c6\u05f3\u05f4"
    r"\u0600-\u060f\u061b-\u061f\u066a-\u066d\u06d4\u06dd\u06de\u06e9\u06fd\u06fe\u0700-\u070d"
    r"\u07f7-\u07f9\u0830-\u083e\u085e\u0964\u0965\u0970\u0df4\u0e2f\u0e3f\u0e4f\u0e5a\u0e5b"
    r"\u0f01-\u0f17\u0f3a-\u0f3d\u0f85\u0fbe-\u0fda\u104a-\u104f\u10fb\u1360-\u1368\u1390-\u1399\u1400"
    r"\u166d\u166e\u1680\u169b\u169c\u16eb-\u16ed\u1735\u1736\u17d4-\u17d6\u17d8-\u17db"
    r"\u1800-\u180a\u1940-\u1945\u19de-\u19ff\u1a1e\u1a1f\u1b5a-\u1b6a\u1b74-\u1b7f\u1bfc-\u1bff"
    r"\u1c3b-\u1c3f\u1c7e\u1c7f\u2000-\u206f\u2500-\u259f\u2cf9-\u2cff\u2e00-\u3004\u3008-\u3011"
    r"\u3014-\u301f\u3030\u303d-\u303f\u30a0\u30fb\u31c0-\u31ef\u4dc0-\u4dff\ua490-\ua4cf\ua4fe\ua4ff"
    r"\ua60d-\ua60f\ua673\ua67e\ua6f2-\ua716\ua828-\ua839\ua874-\ua877\ua8ce\ua8cf\ua92e\ua92f\ua95f"
    r"\ua9c1-\ua9cd\ua9de\ua9df\uaa5c-\uaa5f\uaade\uaadf\uaaf0\uaaf1\uabeb\ue000-\uf8ff\ufd3e\ufd3f"
    r"\ufe10-\ufe1f\ufe30-\ufe6f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\uffe0-\uffff"
    r"\U00010100-\U0001013f\U000e0000-\U0010ffff"
)
# Chinese, Japanese, Korean (whose particles are attached), Thai, Lao, Khmer, Burmese, Javanese,
# Balinese and the Tai scripts.
UNSPACED = (
    r"\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e4e\u0e50-\u0e59\u0e80-\u0edf\u1000-\u1049\u1050-\u109f"
    r"\u1100-\u11ff\u1780-\u17d3\u17d7\u17dc-\u17ff\u1950-\u19dd\u1a20-\u1aaf\u1b00-\u1b59"
    r"\u3005-\u3007\u3021-\u302f\u3031-\u3035\u3038-\u303c\u3041-\u309f\u30a1-\u30fa\u30fc-\u31bf"
    r"\u31f0-\u31ff\u3400-\u4dbf\u4e00-\ua48f\ua980-\ua9c0\ua9cf-\ua9fe\uaa60-\uaadd\uac00-\ud7ff"
    r"\uf900-\ufaff\U00016fe0-\U00018dff\U0001aff0-\U0001b2ff\U00020000-\U0003ffff"
)
# What is ordered when a text is normalized, and is combined with what stands before it.
MARKS = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0711"
    r"\u0730-\u074a\u07eb-\u07f3\u07fd\u0816-\u082d\u0859-\u085b\u0898-\u089f\u08ca-\u08ff\u093c"
    r"\u094d-\u0954\u09bc\u09cd\u09fe\u0a3c\u0a4d\u0abc\u0acd\u0b3c\u0b4d\u0bcd\u0c3c\u0c4d-\u0c56"
    r"\u0cbc\u0ccd\u0d3b-\u0d3c\u0d4d\u0dca\u0e38-\u0e3a\u0e48-\u0e4b\u0eb8-\u0eba\u0ec8-\u0ecb"
    r"\u0f18-\u0f19\u0f35-\u0f39\u0f71-\u0f87\u0fc6\u1037-\u103a\u108d\u135d-\u135f\u1714-\u1715"
    r"\u1734\u17d2\u17dd\u18a9\u1939-\u193b\u1a17-\u1a18\u1a60\u1a75-\u1a7f\u1ab0-\u1ace\u1b34"
    r"\u1b44\u1b6b-\u1b73\u1baa-\u1bab\u1be6\u1bf2-\u1bf3\u1c37\u1cd0-\u1cf9\u1dc0-\u1dff"
    r"\u20d0-\u20f0\u2cef-\u2cf1\u2d7f\u2de0-\u2dff\u302a-\u302f\u3099-\u309a\ua66f-\ua67d"
    r"\ua69e-\ua69f\ua6f0-\ua6f1\ua806\ua82c\ua8c4\ua8e0-\ua8f1\ua92b-\ua92d\ua953\ua9b3\ua9c0"
    r"\uaab0-\uaac1\uaaf6\uabed\ufb1e\ufe20-\ufe2f\uff9e-\uff9f\U000101fd\U000102e0"
    r"\U00010376-\U0001037a\U00010a0d-\U00010a0f\U00010a38-\U00010a3f\U00010ae5-\U00010ae6"
    r"\U00010d24-\U00010d27\U00010eab-\U00010eac\U00010f46-\U00010f50\U00010f82-\U00010f85"
    r"\U00011046\U00011070\U0001107f\U000110b9-\U000110ba\U00011100-\U00011102"
    r"\U00011133-\U00011134\U00011173\U000111c0\U000111ca\U00011235-\U00011236"
    r"\U000112e9-\U000112ea\U0001133b-\U0001133c\U0001134d\U00011366-\U00011374"
    r"\U00011442-\U00011446\U0001145e\U000114c2-\U000114c3\U000115bf-\U000115c0\U0001163f"
    r"\U000116b6-\U000116b7\U0001172b\U00011839-\U0001183a\U0001193d-\U00011943\U000119e0"
    r"\U00011a34\U00011a47\U00011a99\U00011c3f\U00011d42-\U00011d45\U00011d97\U00016af0-\U00016af4"
    r"\U00016b30-\U00016b36\U00016ff0-\U00016ff1\U0001bc9e\U0001d165-\U0001d18b"
    r"\U0001d1aa-\U0001d1ad\U0001d242-\U0001d244\U0001e000-\U0001e02a\U0001e130-\U0001e136"
    r"\U0001e2ae\U0001e2ec-\U0001e2ef\U0001e8d0-\U0001e8d6\U0001e944-\U0001e94a"
)
# Letters without an accent that could be taken off which are typed as others, other forms of the
# same letter, and apostrophes.
VARIANTS = ("ςıøłđðħŧىیکٱ’‘ʼʻ", "σiolddhtييكا''''")  # noqa: RUF001 - as meant
LIGATURES = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}


# Where there are capital letters, except for rare scripts.
CASED = (
    *(
        range(0x80, 0x590),
        range(0x10A0, 0x10C6),
        range(0x13A0, 0x13F6),
        range(0x1C90, 0x1CC0),
        range(0x2C60, 0x2D00),
    ),
    *(range(0xA640, 0xA7FF), range(0x10400, 0x10428)),
)


def capitals() -> Iterator[str]:
    """Those that have no accent to take off."""
    for sign in map(chr, chain(*CASED)):
        lower = sign.lower()
        if lower != sign and len(lower) == 1 and unicodedata.normalize("NFKD", sign) == sign:
            yield sign


CAPITALS = "".join(capitals()) + "Й"
# What the files in `kit/sql/` name.
CONSTANTS = {
    "word_invisible": INVISIBLE,
    "word_accents": ACCENTS,
    "word_marks": MARKS,
    "word_symbols": SYMBOLS,
    "word_separators": SEPARATORS,
    "word_unspaced": UNSPACED,
    "word_capitals": CAPITALS,
    "word_small_letters": CAPITALS.lower(),
    "word_variants": VARIANTS[0],
    "word_variants_of": VARIANTS[1].replace("'", "''"),
    "longest_word": LONGEST_WORD,
    "most_words": MOST_WORDS,
    "longest_folded": LONGEST_FOLDED,
}
FOLDED_AWAY = re.compile(f"[{INVISIBLE}{ACCENTS}]+")
VARIANT = str.maketrans(dict(zip(*VARIANTS, strict=True)) | LIGATURES)
WORD = re.compile(
    f"(?P<symbol>[{SYMBOLS}])|(?P<unspaced>[{UNSPACED}]+)|[^{SEPARATORS}{SYMBOLS}{UNSPACED}]+"
)
SEPARATOR = re.compile(f"[{SEPARATORS}{SYMBOLS}]")
# What follows is split the same way without what stands before it.
BREAK = re.compile(f"(?!')[{SEPARATORS}]")


class Word(NamedTuple):
    """`start` and `end` are its place in the text as it was written, `first` the end of its first
    character."""

    folded: str
    number: int
    start: int
    end: int
    first: int


def fold(text: str) -> str:
    """Without case, accents and invisible characters, the same for every Unicode normalization."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text)
    # This breve makes another letter, not an accented one.
    apart = apart.replace("и\u0306", "й").replace("И\u0306", "Й")
    composed = unicodedata.normalize("NFC", FOLDED_AWAY.sub("", apart))
    # Python gives a capital sigma another form at the end of a word.
    return composed.replace("\u03a3", "\u03c3").lower().translate(VARIANT)


@cache
def combining() -> str:
    """The class of what is combined with the character before it."""
    marks = "".join(
        sign for sign in map(chr, range(0x300, 0x20000)) if unicodedata.category(sign)[0] == "M"
    )
    return f"{marks}{INVISIBLE}\\u1160-\\u11ff\\uff9e\\uff9f"


@cache
def clusters(most: int) -> re.Pattern[str]:
    """Up to so many characters with what is combined with the last, which can be folded by
    themselves. Python normalizes marks in the square of their number, so more of them begin another
    one."""
    return re.compile(f"(?s:.){{1,{most}}}[{combining()}]{{0,{MOST_MARKS}}}")


@lru_cache(maxsize=10_000)
def fold_cluster(cluster: str) -> str:
    return fold(cluster)


def words(text: str, numbers: Iterable[int] | None = None) -> Iterator[Word]:
    """Those with these numbers, which rise; all of them by default. The database numbers words the
    same way, from 1."""
    folded = Folded(text)
    wanted = iter(count(1) if numbers is None else numbers)
    number = next(wanted, None)
    following = 1
    for block, at in folded.blocks():
        if at > LONGEST_FOLDED:
            return
        for match in WORD.finditer(block):
            if number is None:
                return
            start, end = match.span()
            is_unspaced = match["unspaced"] is not None
            if not is_unspaced and is_possessive(block, start, end):
                continue
            before = following
            following += end - start if is_unspaced else 1
            while number is not None and number < following:
                first = start + number - before
                last = min(first + 2, end) if is_unspaced else end
                yield Word(
                    block[first:last][:LONGEST_WORD],
                    number,
                    folded.place(at + first)[0],
                    folded.place(at + last - 1)[1],
                    folded.place(at + first)[1],
                )
                number = next(wanted, None)


class Folded:
    """A folded text, and where its characters were written. A long text is folded in pieces, as far
    as it is read, and only the pieces that places are asked of are looked at closely."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.is_ascii = text.isascii()
        # Where each piece begins in the folded text, and its place in the text that was written.
        self.begins: list[int] = []
        self.written: list[tuple[int, int]] = []
        self.near: tuple[int, Sequence[int], Sequence[int]] = -1, (), ()

    def blocks(self) -> Iterator[tuple[str, int]]:
        """Parts of the folded text, each with its place, that no word goes across."""
        if self.is_ascii:
            yield self.text.lower(), 0
            return
        held: list[str] = []
        at = end = 0
        for match in clusters(PIECE).finditer(self.text):
            self.begins.append(end)
            self.written.append(match.span())
            part = fold(match[0])
            held.append(part)
            end += len(part)
            breaks = list(BREAK.finditer(part)) if end - at >= BLOCK else []
            if breaks:
                block = "".join(held)
                cut = len(block) - len(part) + breaks[-1].end()
                yield block[:cut], at
                held, at = [block[cut:]], at + cut
        yield "".join(held), at

    def place(self, at: int) -> tuple[int, int]:
        """Where the character begins and ends that this one of the folded text comes from."""
        if self.is_ascii:
            return at, at + 1
        number = bisect_right(self.begins, at) - 1
        start, end = self.written[number]
        if number != self.near[0]:
            self.near = number, *placed(self.text[start:end])[1:]
        within = at - self.begins[number]
        return start + self.near[1][within], start + self.near[2][within]


def placed(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """The folded text, and where the character begins and ends that each of its own comes from."""
    if text.isascii():
        return text.lower(), range(len(text)), range(1, len(text) + 1)
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in clusters(1).finditer(text):
        start, end = match.span()
        part = fold_cluster(match[0])
        parts.append(part)
        if len(part) == 1:
            starts.append(start)
            ends.append(end)
        else:
            starts += [start] * len(part)
            ends += [end] * len(part)
    return "".join(parts), starts, ends


def is_possessive(text: str, start: int, end: int) -> bool:
    """The s of "Jim's", which is no word."""
    return (
        text[max(start - 1, 0) : end] == "'s"
        and start > 1
        and not SEPARATOR.match(text[start - 2])
        and (end == len(text) or SEPARATOR.match(text[end]) is not None)
    )
