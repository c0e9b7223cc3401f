"""Whether a message has a keyword of somebody. Pure.

`client/shell/keywords.js` is the same; `tests/cases/keywords.json` holds for both. In contrast to a
search, a keyword means the word as it is written: "paper" is not "papers".
"""

import re
from collections.abc import Sequence

import bullpen.kit.words as rule

# A character of a script that is written without spaces.
UNSPACED = re.compile(f"[{rule.UNSPACED}]")


def words_of(text: str) -> list[str]:
    return [word.folded for word in rule.words(text)]


def has_keyword(keywords: Sequence[str], said: Sequence[str]) -> bool:
    """`said`: the words of the message."""
    return any(is_in(words_of(keyword), said) for keyword in keywords)


def is_in(wanted: Sequence[str], said: Sequence[str]) -> bool:
    """Whether all words stand beside each other."""
    if len(wanted) == 1 and UNSPACED.fullmatch(wanted[0]):
        # What was written may go on there.
        return any(word.startswith(wanted[0]) for word in said)
    # The last character of a run follows from the pair before it.
    if len(wanted) > 1 and UNSPACED.fullmatch(wanted[-1]) and wanted[-2].endswith(wanted[-1]):
        wanted = wanted[:-1]
    if not wanted:
        return False
    length = len(wanted)
    return any(list(said[at : at + length]) == list(wanted) for at in range(len(said)))
