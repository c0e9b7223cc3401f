"""Days and times of day as a pack writes them, and what has to come after what."""

from datetime import time
from typing import TypeAlias

from bullpen.packs.problems import Problems
from bullpen.packs.tree import Document, Path

Moment: TypeAlias = tuple[int, time]


def require_later(
    moment: Moment,
    last: Moment | None,
    before: str,
    document: Document,
    path: Path,
    problems: Problems,
) -> None:
    if last is not None and moment <= last:
        text = f"at: {shown(moment)} is no later than {before}; expected after {shown(last)}"
        problems.add(document.file, document.line((*path, "at")), text)


def shown(moment: Moment) -> str:
    day, at = moment
    return f"day {day} {at.isoformat()}"
