"""What a client knew and what it is told make what it would know from a fresh load."""

import asyncio
import json
from functools import reduce
from typing import get_args

import pytest
from tests.support.equivalence import ACTIONS, FILE, cases, fill, written
from tests.support.reducer import apply

from bullpen.events.kinds import Kind

FIXTURES = json.loads(FILE.read_text())
LATER = {"memory.changed"}


@pytest.mark.timeout(300)
def test_the_clients_fixtures_are_what_the_server_says(migrated_url: str):
    asyncio.run(fill(migrated_url))
    found = written(list(cases(migrated_url)))
    assert found == FILE.read_text(), "run: python -m tests.support.equivalence"


def test_an_instant_is_one_however_many_zeros_end_it():
    instants = ("2026-03-04T14:00:01.5Z", "2026-03-04T14:00:01.500Z", "2026-03-04T14:00:02Z")
    seconds = [case["at"][-3:] for case in json.loads(written([{"at": at} for at in instants]))]
    assert seconds == ["00Z", "00Z", "01Z"]


def test_there_is_a_case_for_every_action_and_kind():
    assert [case["name"] for case in FIXTURES] == list(ACTIONS)
    told = {event["type"] for case in FIXTURES for event in case["events"]}
    assert told == set(get_args(Kind)) - LATER


def shown(state):
    """Where the unread replies of a thread begin is known to whoever counts them, and not shown."""
    counts = {root: thread["unreadCount"] for root, thread in state["unreadThreads"].items()}
    return state | {"eventId": 0, "unreadThreads": counts}


@pytest.mark.parametrize("case", FIXTURES, ids=lambda case: case["name"])
def test_state_and_events_are_a_fresh_snapshot(case):
    me = case["userId"]
    after = reduce(lambda state, event: apply(state, event, me), case["events"], case["before"])
    assert shown(after) == shown(case["after"])
    # Again, as when a page arrives that is older than what was told meanwhile: nothing changes.
    assert reduce(lambda state, event: apply(state, event, me), case["events"], after) == after
