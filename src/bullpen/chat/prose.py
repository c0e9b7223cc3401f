"""Where in a message's Markdown a sign such as `@` can mean something.

Not in code, links or addresses, and not after a backslash. `client/messages/prose.js` is the same
scanner; `tests/cases/mentions.json` holds for both. Its time grows with the length of the text.
"""

import re
from collections import defaultdict
from typing import NamedTuple

# What an input method for wide characters writes counts, too.
SIGNS = "@\uff20\ufe6b"

_FENCE = re.compile(r"`{3,}(?=[^`]*$)|~{3,}")
_RULE = re.compile(r"(?:(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})$")
_HEADING = re.compile(r"#{1,6}(?=[ \t]|$)")
_ITEM = re.compile(r"(?:[-*+]|[0-9]{1,9}[.)])(?=[ \t]|$)")
# What begins a list in the middle of a paragraph.
_FIRST_ITEM = re.compile(r"(?:[-*+]|1[.)])[ \t]+\S")
_WIDEST_INDENT = 3
_WIDEST_GAP = 4
# Quotes and lists within each other.
_DEEPEST = 20

_SPECIAL = re.compile(rf"[\\`\[\]<{SIGNS}]|://|www\.(?=[A-Za-z0-9])", re.IGNORECASE)
_ESCAPABLE = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" + SIGNS)
_TICKS = re.compile(r"`+")
_AUTOLINK = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*>")
_SCHEME = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+.-")
# An address ends before white space and quotation, and before punctuation of other scripts.
_FOREIGN = (
    r"\u00a1\u00a7\u00ab\u00b6\u00bb\u00bf\u060c\u061b\u061f\u06d4\u0964\u0965\u2010-\u2027"
    r"\u2030-\u205e\u3001-\u3003\u3008-\u3011\u3014-\u301f\u3030"
    r"\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
_HOST = rf"[^\x00-,/:-@\[-^`{{-\x7f\s{_FOREIGN}]*"
_PATH = rf"[^\s<>\"`\\^{{|}}{_FOREIGN}]"
# Where no space stands between, a word of a script without spaces is no part of ".com".
_CUT = r"[A-Za-z0-9._-]*[A-Za-z0-9-](?=[\u0e00-\u0e7f\u1100-\u11ff\u3040-\u9fff\uac00-\ud7ff])"
_ADDRESS = re.compile(rf"{_CUT}|{_HOST}(?:[/?#:@]{_PATH}*)?")
# In brackets, what may be the end of a link's text ends it as well.
_ADDRESS_IN_LABEL = re.compile(rf"{_CUT}|{_HOST}(?:[/?#:@](?:(?!\]\(){_PATH})*)?")
_PARENTHESES = re.compile(r"[()\s]|\\.", re.DOTALL)
# An address in angle brackets, or behind white space.
_SET_OFF = re.compile(r"\(\s*<[^<>\n]*>|\(\s+[^\s()]+")
_SPACE = re.compile(r"\s")
_WEB_ADDRESS = re.compile(r"(?<![A-Za-z0-9])(https?://\S+)", re.IGNORECASE)
_DESTINATION = re.compile(r"\s*(https?://[^\s<>]+)", re.IGNORECASE)
_TRAILING = "?!.,:;*_~'\""
_TITLE = re.compile(r"\s*(?:\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')?\s*\)", re.DOTALL)


def live_links(text: str) -> list[str]:
    """The addresses of the web that `text` links to, in order, each once.

    Not those in angle brackets: that is how an author asks for no preview.
    """
    if "://" not in text:
        return []
    found: dict[str, None] = {}
    for start, end in _Blocks(text).paragraphs:
        inline = _Inline(text[start:end])
        inline.scan([])
        found |= dict.fromkeys(inline.links)
    return list(found)


def has_sign(text: str) -> bool:
    return any(sign in text for sign in SIGNS)


def live_signs(text: str) -> list[int]:
    """Where `text` has a sign that is prose."""
    if not has_sign(text):
        return []
    found: list[int] = []
    for start, end in _Blocks(text).paragraphs:
        paragraph: list[int] = []
        _Inline(text[start:end]).scan(paragraph)
        found += [start + at for at in paragraph]
    return found


def begin_of_scheme(text: str, colon: int) -> int:
    """Where `http` or `https` begins before `://`."""
    return colon - (5 if text[max(0, colon - 5) : colon].lower() == "https" else 4)


def without_trailing(address: str) -> str:
    """Punctuation after an address, and a parenthesis that it does not open, belong to the
    sentence."""
    spare = address.count(")") - address.count("(")
    end = len(address)
    while end:
        if address[end - 1] == ")" and spare > 0:
            spare -= 1
        elif address[end - 1] not in _TRAILING:
            break
        end -= 1
    return address[:end]


class _Fence(NamedTuple):
    sign: str
    length: int
    depth: int
    column: int
    start: int


class _Blocks:
    """`paragraphs`: parts that no markup reaches across, without fenced code."""

    def __init__(self, text: str) -> None:
        self.paragraphs: list[tuple[int, int]] = []
        self._begun: int | None = None
        self._depth = 0
        # The columns at which the contents of the open list items begin.
        self._items: list[int] = []
        self._fence: _Fence | None = None
        # Whether anything stands in the open fence: an empty one is drawn as it was typed.
        self._filled = False
        start = 0
        for line in text.split("\n"):
            if not self._is_fenced(line, start):
                self._read(line, start)
            start += len(line) + 1
        self._unfence(len(text))
        self._finish(len(text))

    def _finish(self, end: int) -> None:
        if self._begun is not None and self._begun < end:
            self.paragraphs.append((self._begun, end))
        self._begun = None

    def _unfence(self, end: int) -> None:
        if self._fence is not None and not self._filled:
            self.paragraphs.append((self._fence.start, end))
        self._fence = None

    def _read(self, line: str, start: int) -> None:  # noqa: C901 - one container after the other
        at, column, depth, begins = 0, 0, 0, False
        items, self._items = self._items, []
        for _ in range(_DEEPEST):
            at, column = indented(line, at, column)
            if at == len(line):
                break
            while items and items[0] <= column:
                self._items.append(items.pop(0))
            if column - self._inside() > _WIDEST_INDENT:
                break
            if line[at] == ">":
                depth += 1
                space = line[at + 1 : at + 2] == " "
                at, column = at + 1 + space, column + 1 + space
                if depth > self._depth:
                    items, self._items = [], []
                continue
            marker = self._marker(line, at, begins=begins or self._begun is None)
            if marker == 0:
                break
            after, right = indented(line, at + marker, column + marker)
            gap = right - column - marker
            if after == len(line) or gap > _WIDEST_GAP:
                gap = 1
            items, begins = [], True
            self._items.append(column + marker + gap)
            at, column = at + marker, column + marker
        if at == len(line):
            # A blank line ends a paragraph, and leaves lists open.
            if depth == self._depth:
                self._items += items
            self._depth = depth
            self._finish(start)
            return
        if depth != self._depth or begins:
            self._depth = depth
            self._finish(start)
        self._take(line, start, at, column)

    def _take(self, line: str, start: int, at: int, column: int) -> None:
        """What stands in a line behind the marks of its quotes and lists."""
        if column - self._inside() <= _WIDEST_INDENT:
            fence = _FENCE.match(line, at)
            if fence:
                self._finish(start)
                column = self._inside()
                self._fence = _Fence(line[at], len(fence[0]), self._depth, column, start + at)
                self._filled = False
                return
            if _HEADING.match(line, at) or _RULE.match(line, at):
                self._finish(start)
                self._begun = start + at
                self._finish(start + len(line))
                return
        if self._begun is None:
            self._begun = start + at

    def _inside(self) -> int:
        return self._items[-1] if self._items else 0

    def _marker(self, line: str, at: int, *, begins: bool) -> int:
        """How long the mark of a list item is; 0 where there is none."""
        marker = _ITEM.match(line, at)
        if marker is None or _RULE.match(line, at):
            return 0
        if not begins and not self._items and not _FIRST_ITEM.match(line, at):
            return 0
        return len(marker[0])

    def _is_fenced(self, line: str, start: int) -> bool:
        """Whether a line belongs to the open fence, perhaps as its end."""
        if self._fence is None:
            return False
        sign, length, depth, inside, _ = self._fence
        at, column = indented(line, 0, 0)
        for _ in range(depth):
            if line[at : at + 1] != ">":
                self._unfence(start)
                return False
            at, column = indented(line, at + 1, column + 1)
        if depth == 0 and column < inside and at < len(line):
            self._unfence(start)
            return False
        run = at
        while line[run : run + 1] == sign:
            run += 1
        if run - at >= length and indented(line, run, 0)[0] == len(line):
            self._unfence(start + len(line))
        elif at < len(line):
            self._filled = True
        return True


def indented(line: str, at: int, column: int) -> tuple[int, int]:
    """Behind the blanks at `at`, and in which column that is."""
    while line[at : at + 1] in (" ", "\t"):
        column += 4 - column % 4 if line[at] == "\t" else 1
        at += 1
    return at, column


class _Inline:
    """One pass over a paragraph. A link that turns out to be one takes its signs back."""

    def __init__(self, text: str) -> None:
        self.links: list[str] = []
        self._text = text
        self._ticks: dict[int, list[int]] | None = None
        self._closing: dict[int, int] | None = None
        self._space = -1
        self._tails: dict[int, int | None] = {}

    def scan(self, found: list[int]) -> None:  # noqa: C901 - one case a sign
        text, at = self._text, 0
        labels: list[tuple[int, int]] = []
        while special := _SPECIAL.search(text, at):
            here, sign = special.start(), special[0]
            at = special.end()
            if sign == "\\":
                at += text[at : at + 1] in _ESCAPABLE
            elif sign == "`":
                at = self._after_code(here)
            elif sign == "[":
                labels.append((len(found), len(self.links)))
            elif sign == "]":
                tail = self._after_link(at) if labels else None
                if tail is not None:
                    del found[labels[-1][0] :]
                    # What the text of a link says is not where it leads.
                    del self.links[labels[-1][1] :]
                    self._note_link(_DESTINATION.match(text, at + 1, tail - 1))
                    at = tail
                if labels:
                    labels.pop()
            elif sign == "<":
                link = _AUTOLINK.match(text, here)
                at = link.end() if link else at
            elif sign in SIGNS:
                found.append(here)
            elif self._begins_address(here, sign):
                address = (_ADDRESS_IN_LABEL if labels else _ADDRESS).match(text, at)
                at = address.end() if address else at
                self._note_link(_WEB_ADDRESS.match(text, begin_of_scheme(text, here), at))

    def _note_link(self, address: re.Match[str] | None) -> None:
        if address:
            self.links.append(without_trailing(address[1]))

    def _begins_address(self, at: int, sign: str) -> bool:
        before = self._text[at - 1] if at else ""
        if sign == "://":
            return before in _SCHEME
        return not (before.isascii() and (before.isalnum() or before == "_"))

    def _after_code(self, at: int) -> int:
        """Behind the code that begins with these ticks, or else behind them."""
        if self._ticks is None:
            self._ticks = defaultdict(list)
            for run in _TICKS.finditer(self._text):
                self._ticks[run.end() - run.start()].append(run.start())
            for runs in self._ticks.values():
                runs.reverse()
        opening = _TICKS.match(self._text, at)
        after = opening.end() if opening else at + 1
        runs = self._ticks.get(after - at, [])
        while runs and runs[-1] < after:
            runs.pop()
        return runs[-1] + (after - at) if runs else after

    def _after_link(self, at: int) -> int | None:
        """Behind the address of a link whose text ends before `at`, if it has one."""
        if self._text[at : at + 1] != "(":
            return None
        set_off = _SET_OFF.match(self._text, at)
        if set_off:
            return self._tail(set_off.end())
        if self._closing is None:
            self._closing = self._parentheses()
        closing = self._closing.get(at)
        if closing is not None:
            return closing + 1 if closing > at + 1 else None
        if self._space < at:
            space = _SPACE.search(self._text, at)
            self._space = space.start() if space else len(self._text)
        return self._tail(self._space)

    def _tail(self, at: int) -> int | None:
        if at not in self._tails:
            tail = _TITLE.match(self._text, at)
            self._tails[at] = tail.end() if tail else None
        return self._tails[at]

    def _parentheses(self) -> dict[int, int]:
        """Where those close that hold no white space."""
        closing: dict[int, int] = {}
        opened: list[int] = []
        for sign in _PARENTHESES.finditer(self._text):
            if sign[0] == "(":
                opened.append(sign.start())
            elif sign[0] == ")":
                if opened:
                    closing[opened.pop()] = sign.start()
            elif not sign[0].startswith("\\"):
                opened.clear()
        return closing
