from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bullpen.packs.times import resolve

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")


def _utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.ac("1.7.4")
@pytest.mark.parametrize(
    ("day", "at", "zone", "instant"),
    [
        (0, time(9), BERLIN, "2026-05-14T07:00"),
        (0, time(9, 0, 30), NEW_YORK, "2026-05-14T13:00:30"),
        (-3, time(23, 59, 59), BERLIN, "2026-05-11T21:59:59"),
        (-90, time(9), BERLIN, "2026-02-13T08:00"),
        (-3650, time(0), ZoneInfo("UTC"), "2016-05-16T00:00"),
    ],
)
def test_a_time_on_the_wall_of_the_zone(day, at, zone, instant):
    assert resolve(day, at, date(2026, 5, 14), zone) == _utc(instant)


def _instants(texts, day, zone):
    return [resolve(0, time.fromisoformat(text), day, zone) for text in texts]


def test_a_time_that_the_clocks_show_twice_is_its_first_showing():
    walls = ["00:59", "01:00", "01:30", "01:59:59", "02:00", "02:30", "03:00"]
    assert _instants(walls, date(2026, 10, 25), BERLIN) == [
        _utc("2026-10-24T22:59"),
        _utc("2026-10-24T23:00"),
        _utc("2026-10-24T23:30"),
        _utc("2026-10-24T23:59:59"),
        _utc("2026-10-25T00:00"),
        _utc("2026-10-25T00:30"),
        _utc("2026-10-25T02:00"),
    ]
    assert _instants(["00:59", "01:30", "02:00"], date(2026, 11, 1), NEW_YORK) == [
        _utc("2026-11-01T04:59"),
        _utc("2026-11-01T05:30"),
        _utc("2026-11-01T07:00"),
    ]


def test_a_time_that_the_clocks_skip_is_in_the_last_second_before_the_jump():
    walls = ["01:59:59", "02:00", "02:30", "02:59:59", "03:00"]
    assert _instants(walls, date(2026, 3, 29), BERLIN) == [
        _utc("2026-03-29T00:59:59"),
        _utc("2026-03-29T00:59:59.000277"),
        _utc("2026-03-29T00:59:59.500138"),
        _utc("2026-03-29T00:59:59.999722"),
        _utc("2026-03-29T01:00"),
    ]
    assert _instants(walls, date(2026, 3, 8), NEW_YORK) == [
        _utc("2026-03-08T06:59:59"),
        _utc("2026-03-08T06:59:59.000277"),
        _utc("2026-03-08T06:59:59.500138"),
        _utc("2026-03-08T06:59:59.999722"),
        _utc("2026-03-08T07:00"),
    ]


# Jumps of an hour, of half an hour, at midnight, of a whole day, and none at all.
ODD_DAYS = st.sampled_from(
    [
        (BERLIN, date(2026, 3, 29)),
        (BERLIN, date(2026, 10, 25)),
        (NEW_YORK, date(2026, 3, 8)),
        (NEW_YORK, date(2026, 11, 1)),
        (ZoneInfo("Australia/Lord_Howe"), date(2026, 10, 4)),
        (ZoneInfo("Australia/Lord_Howe"), date(2026, 4, 5)),
        (ZoneInfo("America/Havana"), date(2026, 3, 8)),
        (ZoneInfo("America/Havana"), date(2026, 11, 1)),
        (ZoneInfo("Pacific/Apia"), date(2011, 12, 30)),
        (ZoneInfo("Asia/Kolkata"), date(2026, 3, 29)),
    ]
)
MOMENTS = st.tuples(st.integers(-2, 0), st.times().map(lambda at: at.replace(microsecond=0)))


@settings(deadline=None)  # for a busy machine
@given(ODD_DAYS, MOMENTS, MOMENTS)
def test_the_order_of_the_file_is_kept(odd_day, one, other):
    zone, day = odd_day
    anchor = day + timedelta(days=1)
    first, second = sorted([one, other])
    earlier, later = (resolve(*moment, anchor, zone) for moment in (first, second))
    assert (earlier < later) == (first < second)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        (BERLIN, date(2026, 3, 29)),
        (BERLIN, date(2026, 10, 25)),
        (NEW_YORK, date(2026, 3, 8)),
        (NEW_YORK, date(2026, 11, 1)),
    ],
)
def test_a_whole_day_of_seconds_in_order(zone, day):
    midnight = datetime.combine(day, time())
    walls = ((midnight + timedelta(seconds=n)).time() for n in range(0, 86_400, 7))
    instants = [resolve(0, wall, day, zone) for wall in walls]
    assert instants == sorted(set(instants))
