"""A page of a list in its total order, and which neighbours it has."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Window:
    """Which page: the newest items, or those just before or after one."""

    limit: int
    side: Literal["newest", "before", "after"] = "newest"
    cursor: UUID | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    items: list[Item]
    older: bool
    newer: bool


def page(rows: Sequence[Any], window: Window, make: Callable[[Any], Item]) -> Page[Item]:
    """Of rows in ascending order, read in the window's direction with one more than its limit.

    A cursor's own item lies on the side it came from, so that side always has a page.
    """
    ascending = window.side == "after"
    more = len(rows) > window.limit
    if more:
        rows = rows[:-1] if ascending else rows[1:]
    return Page(
        items=[make(row) for row in rows],
        older=ascending or more,
        newer=window.side == "before" or (more and ascending),
    )
