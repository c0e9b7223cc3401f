"""Words to search for, as Postgres takes them."""

import re

# Each minus before a word negates what follows; past 32 of them Postgres gives up with an error.
NEGATIONS = re.compile(r"(?:-[\s!&()<|]*){16,}")


def searchable(words: str) -> str:
    return NEGATIONS.sub("-", words)
