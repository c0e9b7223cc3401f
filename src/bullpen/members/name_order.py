"""The order of names as people sort them, regardless of the database's locale.

Letter case and accents count only where nothing else differs, and numbers count as numbers. Not in
SQL: a Postgres need not have the collations for it. The client has the same rule in
`core/name-order.js`; tests/cases/name_order.json tests both.
"""

import re
import unicodedata
from functools import lru_cache

# Combining accents, without the vowel signs of other scripts.
ACCENTS = re.compile("[\u0300-\u036f]")
NUMBER = re.compile("([0-9]+)")
# Letters that are an accented one to the reader, but not to Unicode.
PLAIN_LETTERS = str.maketrans(
    {"æ": "ae", "ð": "d", "ø": "o", "þ": "th", "đ": "d", "ł": "l", "œ": "oe"}
)


@lru_cache(maxsize=4096)
def name_key(name: str) -> tuple[tuple[str | int, ...], str]:
    bare = ACCENTS.sub("", unicodedata.normalize("NFKD", name))
    # Up and down again: that makes "ss" of an eszett, as case alone does not.
    folded = bare.upper().lower().translate(PLAIN_LETTERS)
    # Text and numbers in turn, the first of them text, so that no text meets a number.
    parts = NUMBER.split(folded)
    return tuple(int(part) if at % 2 else part for at, part in enumerate(parts)), name
