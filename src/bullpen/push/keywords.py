"""Whether a message has a keyword of somebody. Pure.

`client/shell/keywords.js` is the same; `tests/cases/keywords.json` holds for both. In contrast to a
search, a keyword means the word as it is written: "paper" is not "papers".
"""

import re
from collections.abc import Iterable
from functools import lru_cache

import bullpen.kit.words as rule

# A character of a script that is written without spaces.
UNSPACED = re.compile(f"[{rule.UNSPACED}]")


def said_in(text: str) -> str:
    """The words of a message, each between spaces: no word has one."""
    return between_spaces(word.folded for word in rule.words(text))


def has_keyword(keywords: Iterable[str], said: str) -> bool:
    """`said`: what `said_in` makes of the message."""
    wanted = (looked_for(keyword) for keyword in keywords)
    return any(one is not None and one in said for one in wanted)


@lru_cache(maxsize=10_000)
def looked_for(keyword: str) -> str | None:
    """Its words beside each other, as `said_in` has them; None where it has none."""
    wanted = [word.folded for word in rule.words(keyword)]
    if not wanted:
        return None
    if UNSPACED.fullmatch(wanted[-1]):
        if len(wanted) == 1:
            # What was written may go on there.
            return f" {wanted[0]}"
        # The last character of a run follows from the pair before it.
        if wanted[-2].endswith(wanted[-1]):
            wanted.pop()
    return between_spaces(wanted)


def between_spaces(words: Iterable[str]) -> str:
    return f" {' '.join(words)} "
