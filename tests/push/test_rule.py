"""What notifies, in Python: the cases are those of the browser."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bullpen.members.notifying import NotificationSettings
from bullpen.push.rule import About, is_quiet, notifies

CASES = json.loads((Path(__file__).parents[1] / "cases" / "notifications.json").read_text())
NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


def named(case):
    return case["name"]


@pytest.mark.parametrize("case", CASES["messages"], ids=named)
def test_a_message_notifies_those_whom_it_should(case):
    about = About(
        case.get("isDirect", False),
        case.get("isMuted", False),
        case.get("level"),
        case.get("mention"),
        case.get("isOfThread", False),
        case.get("follows", False),
    )
    assert notifies(about) is case["notifies"]


@pytest.mark.parametrize("case", CASES["moments"], ids=named)
def test_there_are_times_without_notifications(case):
    until = case.get("pausedUntil")
    settings = NotificationSettings(
        None if until is None else datetime.fromisoformat(until),
        case.get("quietFrom"),
        case.get("quietUntil"),
    )
    assert is_quiet(settings, NOW, case["clock"]) is case["isQuiet"]
