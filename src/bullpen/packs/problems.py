"""What is wrong with a pack, in lines that say where, what, and what was expected."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from bullpen.kit.errors import StartupError

_SHOWN = 20
_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Problem:
    file: str
    line: int | None
    text: str

    def __str__(self) -> str:
        place = printable(self.file) if self.line is None else f"{printable(self.file)}:{self.line}"
        return f"{place}: {self.text}"


class PackError(StartupError):
    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        lines = [str(problem) for problem in self.problems[:_SHOWN]]
        if len(self.problems) > _SHOWN:
            lines.append(f"… and {len(self.problems) - _SHOWN} more")
        super().__init__("\n".join(lines))


class Problems:
    """Collects, so that somebody who writes a pack mends it in one round."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def add(self, file: str, line: int | None, text: str) -> None:
        self._found.append(Problem(file, line, text))

    def raise_any(self) -> None:
        if self._found:
            raise PackError(self._found)


def printable(text: str) -> str:
    """On one line, and writable to any terminal: names of files and keys can hold anything."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def brief(text: str) -> str:
    short = text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
    return printable(short)


def quoted(text: str) -> str:
    return f"'{brief(text)}'"


def expected_one_of(given: str, possible: Iterable[str]) -> str:
    names = list(possible)
    shown = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
    close = get_close_matches(given, names, n=1)
    hint = f" (did you mean {close[0]}?)" if close else ""
    return f"expected one of {shown}{hint}"
