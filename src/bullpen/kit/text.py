"""What texts and names may hold: plain predicates for the API, the agents' tools and packs.

`client/core/visible.js` has `is_visible` as well; `tests/cases/visible.json` holds for both.
"""

import unicodedata

from bullpen.kit.emoji import as_emoji

# Letters by their category that nothing is drawn of, and the blank pattern of Braille.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# Not assigned yet, and never to be drawn.
_IGNORED = (range(0x2065, 0x2066), range(0xFFF0, 0xFFF9), range(0xE0000, 0xE1000))
_JOINERS = "\u200c\u200d"
# Arabic and the scripts of India and its neighbours: their letters join or not by a joiner.
_JOINING = (range(0x0600, 0x0780), range(0x08A0, 0x0E00), range(0x1000, 0x10A0))
_KHMER = range(0x1780, 0x1800)
# As many as any script puts on one letter.
_MOST_MARKS = 6
_LAST_OF_PLANE = 0xFFFE
_NEVER = range(0xFDD0, 0xFDF0)
_TAGS = range(0xE0020, 0xE0080)
_SELECTORS = "\ufe0e\ufe0f"


def storable_problem(text: str) -> str | None:
    """Why Postgres cannot keep a text."""
    if "\x00" in text:
        return "a NUL character cannot be stored; remove it"
    if not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text):
        return "half a surrogate pair is not a character; remove it"
    return None


def is_visible(text: str) -> bool:
    """Whether a text shows anything at all."""
    return any(map(_is_drawn, text))


def _is_drawn(sign: str) -> bool:
    if sign.isascii():
        return "!" <= sign <= "~"
    category = unicodedata.category(sign)
    if category == "Cs":
        # What is wrong with half a character is said elsewhere.
        return True
    if category == "Cn":
        # This Python may be older than the script or emoji.
        is_one = ord(sign) & _LAST_OF_PLANE != _LAST_OF_PLANE
        return is_one and not _is_in(sign, (*_IGNORED, _NEVER))
    return category[0] not in "ZCM" and sign not in _BLANK


def _is_in(sign: str, ranges: tuple[range, ...]) -> bool:
    return any(ord(sign) in one for one in ranges)


def name_of(text: str) -> str:
    """A name as it is kept: composed (NFC), without space around it. What is no name is refused."""
    name = unicodedata.normalize("NFC", text).strip()
    if not is_visible(name):
        raise ValueError("expected some text")
    if problem := _name_problem(name):
        raise ValueError(problem)
    return name


def as_line(text: str, longest: int) -> str | None:
    """A foreign text as one line that holds no more than a name may; None if that is nothing.

    What a name would be refused for is left out.
    """
    # Much of it may be left out, but not without an end.
    line = unicodedata.normalize("NFC", " ".join(text[: 8 * longest].split()))
    kept: list[str] = []
    marks = 0
    for place, sign in enumerate(line):
        category = unicodedata.category(sign)
        marks = marks + 1 if category[0] == "M" and sign not in _SELECTORS else 0
        if marks > _MOST_MARKS or (marks and not kept):
            continue
        if category == "Cs" or _is_hidden(line, place, sign, category):
            continue
        kept.append(sign)
        if len(kept) > longest:
            kept[longest - 1 :] = "…"
            break
    shown = "".join(kept).strip()
    return shown if is_visible(shown) else None


def _name_problem(name: str) -> str | None:
    marks = 0
    for place, sign in enumerate(name):
        category = unicodedata.category(sign)
        marks = marks + 1 if category[0] == "M" and sign not in _SELECTORS else 0
        if category in ("Zl", "Zp") or sign in "\n\r\v\f\x85":
            return "a name has one line; remove the line break"
        if marks > _MOST_MARKS or (marks and place == 0):
            return "a name has no more marks on a letter than any script does; remove some"
        if _is_hidden(name, place, sign, category):
            return f"a name has no invisible characters; remove U+{ord(sign):04X}"
    if any(map(_mixes_scripts, name.split())):
        return "letters of different scripts look alike; write each word of a name in one script"
    return None


def _is_hidden(name: str, place: int, sign: str, category: str) -> bool:
    if sign in _JOINERS:
        return not (_joins(name, place) or _is_in_emoji(name, place))
    if sign in _SELECTORS or ord(sign) in _TAGS:
        return not _is_in_emoji(name, place)
    return (category[0] == "C" and not _is_drawn(sign)) or sign in _BLANK or sign == "\u034f"


def _joins(name: str, place: int) -> bool:
    around = name[place - 1 : place] + name[place + 1 : place + 2]
    return len(around) == 2 and all(  # noqa: PLR2004 - one at each side
        _is_in(sign, (*_JOINING, _KHMER)) and unicodedata.category(sign)[0] in "LM"
        for sign in around
    )


def _is_in_emoji(name: str, place: int) -> bool:
    """Whether the sign is part of an emoji around it."""
    longest = 16
    return any(
        as_emoji(name[start:end]) is not None
        for start in range(max(0, place - longest), place)
        for end in range(place + 1, min(len(name), start + longest) + 1)
    )


def _mixes_scripts(word: str) -> bool:
    scripts = {
        script
        for sign in word
        if sign.isalpha()
        for script in ("LATIN", "CYRILLIC", "GREEK", "CHEROKEE", "ARMENIAN", "COPTIC", "LISU")
        if unicodedata.name(sign, "").startswith(script)
    }
    return len(scripts) > 1
