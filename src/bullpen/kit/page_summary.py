"""What a page of HTML says about itself in its head: title, description, site, picture."""

import codecs
import re
import time
from html.parser import HTMLParser

from msgspec import Struct

from bullpen.kit.text import as_line

LONGEST_TITLE = 200
LONGEST_DESCRIPTION = 300
LONGEST_SITE_NAME = 80
LONGEST_PICTURE_URL = 2_000
# Fed bit by bit, and no longer than this: a hostile page takes the parser seconds.
PORTION = 8_192
MOST_SECONDS = 0.3
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE
)
_DECLARED_WITHIN = 1_024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Python knows codecs that are none of texts, and some that make programs of them.
_CHARSETS = re.compile(
    r"utf-8|utf-16(-[lb]e)?|ascii|cp(125\d|874|932|949|950|866)|iso8859-\d+|koi8-[ru]|mac-roman"
    r"|shift_jis|euc_jp|iso2022_jp|euc_kr|gb2312|gbk|gb18030|big5|big5hkscs"
)
# What people call Latin-1 is this in every browser.
_LATIN = "cp1252"

_TITLES = ("og:title", "twitter:title", "title")
_DESCRIPTIONS = ("og:description", "twitter:description", "description")
_SITE_NAMES = ("og:site_name", "application-name")
_PICTURES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image")


class PageSummary(Struct, frozen=True):
    title: str
    description: str | None
    site_name: str | None
    # As the page has it: perhaps relative to the page's address.
    picture_url: str | None


def summary_of(content: bytes, charset: str | None) -> PageSummary | None:
    """None where the page does not say what it is called."""
    head = _Head()
    text = decoded(content, charset)
    until = time.monotonic() + MOST_SECONDS
    for start in range(0, len(text), PORTION):
        try:
            head.feed(text[start : start + PORTION])
        except AssertionError:
            # That is how the parser refuses a marked section that it does not know.
            break
        if head.is_over or time.monotonic() > until:
            break
    title = head.line(_TITLES, LONGEST_TITLE)
    if title is None:
        return None
    return PageSummary(
        title,
        head.line(_DESCRIPTIONS, LONGEST_DESCRIPTION),
        head.line(_SITE_NAMES, LONGEST_SITE_NAME),
        head.first(_PICTURES, LONGEST_PICTURE_URL),
    )


def decoded(content: bytes, charset: str | None) -> str:
    for mark, marked in _MARKS:
        if content.startswith(mark):
            return content.decode(marked, "replace").lstrip("\ufeff")
    declared = _DECLARED.search(content[:_DECLARED_WITHIN])
    for label in (charset, declared and declared[1].decode("ascii")):
        if label and (found := text_codec(label)):
            return content.decode(found, "replace")
    try:
        # The end may have been cut off in the middle of a sign.
        return codecs.getincrementaldecoder("utf-8")().decode(content)
    except UnicodeDecodeError:
        return content.decode(_LATIN, "replace")


def text_codec(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    if name in ("ascii", "iso8859-1"):
        return _LATIN
    return name if _CHARSETS.fullmatch(name) else None


class _Head(HTMLParser):
    """The values of a head by their names, the first of each."""

    def __init__(self) -> None:
        super().__init__()
        self.is_over = False
        self._found: dict[str, str] = {}
        self._title: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self.is_over = True
        elif tag == "title" and "title" not in self._found:
            self._title = []
        elif tag == "meta" and not self.is_over:
            given = dict(attrs)
            name = (given.get("property") or given.get("name") or "").strip().lower()
            content = given.get("content")
            if content and content.strip() and name:
                self._found.setdefault(name, content)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title" and self._title is not None:
            self._found.setdefault("title", "".join(self._title))
            self._title = None
        elif tag == "head":
            self.is_over = True

    def handle_data(self, data: str) -> None:
        if self._title is not None and len(self._title) < PORTION:
            self._title.append(data)

    def line(self, names: tuple[str, ...], longest: int) -> str | None:
        for name in names:
            if line := as_line(self._found.get(name, ""), longest):
                return line
        return None

    def first(self, names: tuple[str, ...], longest: int) -> str | None:
        for name in names:
            found = self._found.get(name, "").strip()
            if found and len(found) <= longest:
                return found
        return None
