"""A page of a list in its total order, and which neighbours it has."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Window:
    """Which page: the newest items, those just before or after one, or it and those around it."""

    limit: int
    side: Literal["newest", "before", "after", "around"] = "newest"
    cursor: UUID | None = None

    @property
    def halves(self) -> tuple[int, int]:
        """How many before the one in the middle, and how many after it."""
        return self.limit // 2, self.limit - 1 - self.limit // 2


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    items: list[Item]
    older: bool
    newer: bool


def page(rows: Sequence[Any], window: Window, make: Callable[[Any], Item]) -> Page[Item]:
    """Of rows in ascending order, read in the window's direction with one more than its limit.

    A cursor's own item lies on the side it came from, so that side always has a page. Around it,
    each half is read with one more.
    """
    if window.side == "around":
        return page_around(rows, window, make)
    ascending = window.side == "after"
    more = len(rows) > window.limit
    if more:
        rows = rows[:-1] if ascending else rows[1:]
    return Page(
        items=[make(row) for row in rows],
        older=ascending or more,
        newer=window.side == "before" or (more and ascending),
    )


def page_around(rows: Sequence[Any], window: Window, make: Callable[[Any], Item]) -> Page[Item]:
    """`id` comes first in a row."""
    middle = next(place for place, row in enumerate(rows) if row[0] == window.cursor)
    before, after = window.halves
    first, last = max(middle - before, 0), middle + after + 1
    return Page(
        items=[make(row) for row in rows[first:last]],
        older=first > 0,
        newer=last < len(rows),
    )
