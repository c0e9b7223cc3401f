"""When a plan comes next, by its cron expression and zone, without a database."""

from datetime import UTC, datetime

import pytest

from bullpen.kit.errors import Invalid
from bullpen.schedule.recurring import Pattern, next_time

# A Wednesday.
NOW = datetime(2026, 3, 4, 14, 30, 20, tzinfo=UTC)


def instant(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "zone", "expected"),
    [
        ("* * * * *", "UTC", instant(3, 4, 14, 31)),
        ("30 14 * * *", "UTC", instant(3, 5, 14, 30)),
        ("31 14 * * *", "UTC", instant(3, 4, 14, 31)),
        ("0 9 * * *", "America/New_York", instant(3, 5, 14)),
        ("0 10 * * *", "America/New_York", instant(3, 4, 15)),
        ("0 9 * * mon-fri", "UTC", instant(3, 5, 9)),
        ("0 9 * * sat", "UTC", instant(3, 7, 9)),
        ("0 9 1 * *", "UTC", instant(4, 1, 9)),
        ("0 9 29 2 *", "UTC", instant(2, 29, 9, year=2028)),
        # The clocks of New York skip the hour after 2:00 on that day.
        ("30 2 8 3 *", "America/New_York", instant(3, 8, 7)),
    ],
)
def test_the_first_time_after_now(cron: str, zone: str, expected: datetime):
    assert next_time(Pattern(cron, zone), NOW) == expected


def test_an_hour_that_comes_twice_counts_once():
    pattern = Pattern("30 1 * * *", "America/New_York")
    first = next_time(pattern, datetime(2026, 11, 1, 0, 0, tzinfo=UTC))
    second = next_time(pattern, first)
    assert [first, second] == [instant(11, 1, 5, 30), instant(11, 2, 6, 30)]


@pytest.mark.parametrize(
    ("cron", "zone", "reason"),
    [
        ("0 9 * * *", "Mars/Olympus", "'Mars/Olympus' is not a time zone. Use a name like Eu"),
        ("0 9 * * *", "../../etc/passwd", "'../../etc/passwd' is not a time zone. Use a name"),
        ("0 9 * *", "UTC", "'0 9 * *' is not a cron expression (Wrong number of fields). Use"),
        ("0 0 9 * * *", "UTC", "'0 0 9 * * *' is not a cron expression (Wrong number of fields"),
        ("61 9 * * *", "UTC", "'61 9 * * *' is not a cron expression (Bad minute). Use minute"),
        ("0 0 31 2 *", "UTC", "'0 0 31 2 *' is not a cron expression (Bad day-of-month). Use"),
        ("every day", "UTC", "'every day' is not a cron expression (Wrong number of fields). "),
        ("@daily", "UTC", "'@daily' is not a cron expression ("),
        ("* " * 101, "UTC", "'* * "),
    ],
)
def test_what_never_comes_or_is_no_pattern_is_refused(cron: str, zone: str, reason: str):
    with pytest.raises(Invalid) as refused:
        next_time(Pattern(cron, zone), NOW)
    assert str(refused.value).startswith(reason)
