"""Which items a page has, and on which sides there are more, without a database."""

from uuid import UUID

import pytest

from bullpen.kit.pagination import Window, page

IDS = [UUID(int=number) for number in range(10)]


def items(numbers: range, window: Window) -> tuple[list[int], bool, bool]:
    found = page([(IDS[number],) for number in numbers], window, lambda row: row[0].int)
    return found.items, found.older, found.newer


@pytest.mark.parametrize(
    ("read", "window", "expected"),
    [
        (range(0), Window(3), ([], False, False)),
        (range(7, 10), Window(3), ([7, 8, 9], False, False)),
        (range(6, 10), Window(3), ([7, 8, 9], True, False)),
        # A cursor's own item is on the side that it came from.
        (range(2), Window(3, "before", IDS[2]), ([0, 1], False, True)),
        (range(4), Window(3, "before", IDS[4]), ([1, 2, 3], True, True)),
        (range(0), Window(3, "before", IDS[0]), ([], False, True)),
        (range(8, 10), Window(3, "after", IDS[7]), ([8, 9], True, False)),
        (range(5, 9), Window(3, "after", IDS[4]), ([5, 6, 7], True, True)),
        (range(0), Window(3, "after", IDS[9]), ([], True, False)),
    ],
)
def test_one_more_than_the_limit_says_that_there_are_more(
    read: range, window: Window, expected: tuple[list[int], bool, bool]
):
    assert items(read, window) == expected


@pytest.mark.parametrize(
    ("limit", "halves"), [(1, (0, 0)), (2, (1, 0)), (3, (1, 1)), (4, (2, 1)), (50, (25, 24))]
)
def test_the_halves_and_the_middle_are_the_limit(limit: int, halves: tuple[int, int]):
    assert Window(limit, "around", IDS[5]).halves == halves
    assert sum(halves) + 1 == limit


@pytest.mark.parametrize(
    ("read", "cursor", "limit", "expected"),
    [
        (range(3, 8), 5, 3, ([4, 5, 6], True, True)),
        (range(3), 0, 3, ([0, 1], False, True)),
        (range(8, 10), 9, 3, ([8, 9], False, False)),
        (range(7, 10), 9, 3, ([8, 9], True, False)),
        (range(4, 7), 5, 1, ([5], True, True)),
        (range(5, 6), 5, 4, ([5], False, False)),
    ],
)
def test_around_an_item_each_side_says_whether_there_are_more(
    read: range, cursor: int, limit: int, expected: tuple[list[int], bool, bool]
):
    assert items(read, Window(limit, "around", IDS[cursor])) == expected
