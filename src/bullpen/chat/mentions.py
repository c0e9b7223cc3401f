"""Whom a message mentions: `@id`, `@Display Name`, or `@First` where only one has that first name;
`@channel` for all people in a channel, `@here` for those of them who have Bullpen open; `@handle`
for a user group.

`client/messages/mentions.js` is the same grammar; `tests/cases/mentions.json` holds for both.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from bullpen.chat.prose import SIGNS, live_signs
from bullpen.kit.folding import JOINERS, folded

# Different ones in one message.
MOST_MENTIONS = 50
# Their ids are no ids of users.
CHANNEL, HERE = "@channel", "@here"
GROUPS = (CHANNEL, HERE)
LONGEST_NAME = 80
# Marks on one letter that a name may have; a text may have thousands.
_MOST_MARKS = 16

# Scripts that are written without spaces, or put particles behind a name: there a name may begin
# and end within a word.
_SPACELESS = (
    (0x0E00, 0x0FFF),  # Thai, Lao, Tibetan
    (0x1000, 0x109F),  # Myanmar
    (0x1100, 0x11FF),  # Hangul
    (0x1780, 0x17FF),  # Khmer
    (0x1950, 0x19DF),  # Tai
    (0x1A20, 0x1AAF),  # Tai Tham
    (0x2E80, 0x2FDF),  # Han
    (0x3005, 0x3007),
    (0x3021, 0x312F),  # Kana, Bopomofo
    (0x3130, 0x318F),  # Hangul
    (0x31A0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0xA4CF),  # Han, Yi
    (0xA960, 0xA9FF),  # Hangul, Javanese, Myanmar
    (0xAA60, 0xAADF),  # Myanmar, Tai Viet
    (0xAC00, 0xD7FF),  # Hangul
    (0xF900, 0xFAFF),  # Han
    (0xFF66, 0xFFDC),  # Kana and Hangul, half as wide
    (0x1AFF0, 0x1B16F),  # Kana
    (0x20000, 0x3FFFF),  # Han
)
_STARTS = [start for start, _ in _SPACELESS]
# Hebrew and Arabic write short words together with what follows.
_PREFIXING = ((0x0590, 0x08FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFF))
# Where no name is known: as much as looks like one.
_WORD = re.compile(r"[\w.'-]{1,80}")

Trie = dict[str, Any]
_WHO = "who"


class Person(NamedTuple):
    id: str
    name: str
    active: bool = True


class UserGroup(NamedTuple):
    """`id`: an `@` and the id of the user group, which is no id of a user."""

    id: str
    handle: str


class Mention(NamedTuple):
    """`text[start:end]` is the sign with the name. `user_id`: of a user or a `UserGroup`, or one
    of `GROUPS`."""

    start: int
    end: int
    user_id: str


class Names:
    """The members of a workspace by all that they can be mentioned by, and the groups."""

    def __init__(self, people: Iterable[Person], groups: Iterable[UserGroup] = ()) -> None:
        # Nobody's name stands before these.
        ranked = {folded(group.handle): (-1, {group.id}) for group in groups}
        ranked |= {group[1:]: (-1, {group}) for group in GROUPS}
        for person in people:
            for rank, name in enumerate(_names(person)):
                key = folded(name)
                # Who left gives way to who is there.
                place = rank if person.active else rank + 3
                best, ids = ranked.get(key, (place, set()))
                if place < best:
                    ranked[key] = (place, {person.id})
                elif place == best:
                    ranked[key] = (best, ids | {person.id})
        self._trie: Trie = {}
        for key, (_, ids) in ranked.items():
            if len(ids) == 1 and key:
                node = self._trie
                for sign in key:
                    node = node.setdefault(sign, {})
                [node[_WHO]] = ids

    def at(self, text: str, start: int) -> tuple[int, str] | None:
        """Where the longest name ends that begins at `start`, and whose it is."""
        node, best = self._trie, None
        for end, key in _letters(text, start):
            for sign in key:
                if sign not in node:
                    return best
                node = node[sign]
            if _WHO in node and _ends(text, end):
                best = (end, node[_WHO])
        return best


def _names(person: Person) -> Iterator[str]:
    yield person.id
    yield person.name
    words = person.name.split()
    yield words[0].rstrip(",;:") if words else ""


def _letters(text: str, start: int) -> Iterator[tuple[int, str]]:
    """Each letter together with its marks, folded, and where it ends."""
    at, most = start, start + 4 * LONGEST_NAME
    while at < min(len(text), most):
        end = at + 1
        while end < len(text) and end - at <= _MOST_MARKS and _extends(text[end]):
            end += 1
        if text[at] == "\n":
            return
        yield end, folded(text[at:end])
        at = end


def _extends(sign: str) -> bool:
    return not sign.isascii() and (sign in JOINERS or unicodedata.category(sign)[0] == "M")


def _is_word(sign: str) -> bool:
    return sign.isalnum() if sign.isascii() else unicodedata.category(sign)[0] in "LNM"


def _is_spaceless(sign: str) -> bool:
    place = bisect_right(_STARTS, ord(sign)) - 1
    return place >= 0 and ord(sign) <= _SPACELESS[place][1]


def _joins(sign: str) -> bool:
    return _is_word(sign) and not _is_spaceless(sign)


def _ends(text: str, end: int) -> bool:
    """Whether a name can end there."""
    after = text[end : end + 1]
    beyond = text[end + 1 : end + 2]
    if not after:
        return True
    if after in SIGNS:
        # An address, or somebody of another server.
        return not (beyond and _is_word(beyond))
    if after in "._-":
        return not (beyond and _joins(beyond))
    if _is_spaceless(text[end - 1]):
        return not unicodedata.category(after).startswith("N")
    return not _joins(after)


def _begins(text: str, at: int, mentioned: int) -> bool:
    """Whether the sign at `at` can begin a mention; the one before it ended at `mentioned`."""
    before = at - 1
    while before >= mentioned and text[before] in "._+-":
        before -= 1
    if before < mentioned:
        return True
    if text[before] == "/":
        path = text[before - 1 : before]
        return before == mentioned or not (path and (path in "._-~" or _is_word(path)))
    if text[before] in SIGNS:
        return False
    base = before
    while base > max(mentioned, before - _MOST_MARKS) and _extends(text[base]):
        base -= 1
    sign = text[base]
    return not _joins(sign) or any(start <= ord(sign) <= end for start, end in _PREFIXING)


def mentions_in(text: str, names: Names) -> list[Mention]:
    found: list[Mention] = []
    different: set[str] = set()
    mentioned = 0
    for at in live_signs(text):
        if at < mentioned or not _begins(text, at, mentioned):
            continue
        known = names.at(text, at + 1)
        if known is None:
            word = _WORD.match(text, at + 1)
            if word and len(different) < MOST_MENTIONS:
                different.add(f"@{folded(word[0])}")
            continue
        end, user_id = known
        if user_id not in different:
            if len(different) == MOST_MENTIONS:
                continue
            different.add(user_id)
        found.append(Mention(at, end, user_id))
        mentioned = end
    return found


def mentioned_in(text: str, names: Names) -> list[str]:
    """Who is mentioned, in that order, each once."""
    return list(dict.fromkeys(mention.user_id for mention in mentions_in(text, names)))
