"""Postgres, the server and workers killed under load: nobody was told what is not there."""

import asyncio
from pathlib import Path

import pytest
from tests.support.clusters import cluster
from tests.support.crashes import MEMBERS, Told, compare, crash_under_load, used_twice
from tests.support.fixtures import complete, fill_template

pytestmark = pytest.mark.timeout(300)

LOG: list[Told] = [(number, f"event {number}") for number in range(11, 20)]


def test_clients_are_told_what_is_there_after_kills_of_all_three(tmp_path: Path):
    with cluster() as own:
        url = own.create("crashes")
        complete(fill_template(url))
        report = asyncio.run(
            crash_under_load(
                own,
                url,
                tmp_path,
                kills={"postgres": 2, "server": 1, "worker": 1},
                pause=(0.1, 0.5),
            )
        )
    assert report.wrong == []
    assert report.messages > len(MEMBERS)
    assert report.events > report.messages
    assert report.resets == 0


PLANTED = {
    "a loss": ([e for e in LOG if e[0] != 14], ["not told 14: event 14"]),
    "a repetition": ([*LOG[:4], LOG[3], *LOG[4:]], ["told 14 2 times", "told out of order"]),
    "a phantom": ([*LOG, (20, "gone")], ["told 20, which does not exist: gone"]),
    "another event": (
        [*LOG[:3], (14, "gone"), *LOG[4:]],
        ["told 14 as something else: gone"],
    ),
    "another order": ([*LOG[1:], LOG[0]], ["told out of order"]),
}


def test_nothing_is_wrong_with_what_is_in_the_log():
    assert compare(LOG, LOG) == []
    assert used_twice([LOG, LOG[2:]]) == []


@pytest.mark.parametrize("what", PLANTED)
def test_the_comparison_finds(what: str):
    told, expected = PLANTED[what]
    assert compare(told, LOG) == expected


def test_the_comparison_finds_a_number_that_was_used_twice():
    assert used_twice([LOG, [*LOG[:3], (14, "gone")]]) == ["the number 14 was used twice"]
