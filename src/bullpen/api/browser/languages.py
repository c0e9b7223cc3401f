"""The languages of the interface: which the reader wants, and the few texts that the server draws.

English is written where it is shown and is the key of its translation; `languages/de.json` of the
client is the catalog of German (`core/language.js` reads the same one).
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from fastapi import Request

from bullpen.members.name_order import name_key

FOLDER = "languages"
ENGLISH = "en"
# What the person has chosen in this browser; without it the browser's own languages count.
COOKIE = "bullpen_language"
WEIGHED = re.compile(r"\s*([a-zA-Z]+)(?:-[\w-]+)?\s*(?:;\s*q=([\d.]+))?\s*")
PLACEHOLDER = re.compile(r"\{(\w+)\}")

Catalog = dict[str, str | dict[str, str]]


@dataclass(frozen=True, slots=True)
class Language:
    code: str
    catalog: Catalog

    def text(self, english: str, **values: object) -> str:
        """A plain text, to be escaped by the caller."""
        found = self.catalog.get(english)
        return filled(found if isinstance(found, str) else english, values)

    def html(self, english: str, **parts: str) -> str:
        """A text for a page, with what is HTML already in its places."""
        return filled(escape(self.text(english)), parts)

    def plural(self, count: int, one: str, other: str) -> str:
        """By the two forms of English; where a language has more, the client corrects it."""
        forms = self.catalog.get(one, {})
        category, english = ("one", one) if count == 1 else ("other", other)
        form = forms.get(category) if isinstance(forms, dict) else None
        return filled(form or english, {"count": count})

    def listed(self, names: list[str]) -> str:
        """The same as `core/listed-names.js`; tests/cases/listed_names.json tests both."""
        *first, last = sorted(names, key=name_key)
        if not first:
            return last
        if self.code == ENGLISH and len(first) > 1:
            return f"{', '.join(first)}, and {last}"
        return self.text("{first} and {second}", first=", ".join(first), second=last)


def filled(text: str, values: Mapping[str, object]) -> str:
    return PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), text)


def languages(contents: dict[str, bytes]) -> dict[str, Language]:
    """By code, of the client's files; English, which has no catalog, comes first."""
    found = {ENGLISH: Language(ENGLISH, {})}
    for name, content in sorted(contents.items()):
        folder, _, file = name.partition("/")
        if folder == FOLDER and file.endswith(".json"):
            code = file.removesuffix(".json")
            found[code] = Language(code, json.loads(content))
    return found


def wanted(request: Request, known: dict[str, Language]) -> str:
    """The language that this browser's document is served in."""
    chosen = request.cookies.get(COOKIE)
    if chosen in known:
        return str(chosen)
    accepted = sorted(weighed(request.headers.get("accept-language", "")), key=lambda it: -it[0])
    return next((code for weight, code in accepted if weight > 0 and code in known), ENGLISH)


def weighed(header: str) -> Iterator[tuple[float, str]]:
    for part in header.split(","):
        if found := WEIGHED.fullmatch(part):
            try:
                yield float(found[2] or 1), found[1].lower()
            except ValueError:
                continue
