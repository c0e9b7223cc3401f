from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bullpen.digests.rule import belongs, next_due
from bullpen.digests.unsubscribing import owner, token
from bullpen.push.rule import About

KEY = "the secret key of the tests, long enough"
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        (About(), False),
        (About(level="all"), False),
        (About(is_direct=True), True),
        (About(is_direct=True, is_muted=True), False),
        (About(is_direct=True, level="nothing"), False),
        (About(mention="name"), True),
        (About(mention="name", is_muted=True), True),
        (About(mention="name", level="nothing"), False),
        (About(mention="group"), True),
        (About(mention="group", is_muted=True), False),
        (About(is_of_thread=True, follows=True), True),
        (About(is_of_thread=True, follows=True, is_muted=True), False),
        (About(is_of_thread=True), False),
        (About(follows=True), False),
    ],
)
def test_what_concerns_somebody_belongs_in_their_digest(about, expected):
    assert belongs(about) is expected


@pytest.mark.parametrize(
    ("rhythm", "now", "expected"),
    [
        ("hourly", "2026-03-02T09:30Z", "2026-03-02T10:30Z"),
        # Eight in the morning in Berlin is seven, and after the clocks changed six.
        ("daily", "2026-03-02T06:59Z", "2026-03-02T07:00Z"),
        ("daily", "2026-03-02T07:00Z", "2026-03-03T07:00Z"),
        ("daily", "2026-03-28T12:00Z", "2026-03-29T06:00Z"),
    ],
)
def test_a_daily_one_is_due_in_the_morning_of_its_reader(rhythm, now, expected):
    moment = datetime.fromisoformat(now)
    assert next_due(rhythm, moment, BERLIN) == datetime.fromisoformat(expected)


def test_a_token_is_of_one_user_and_of_one_key():
    made = token(KEY, "jim")
    assert owner(KEY, made) == "jim"
    assert owner(KEY + "!", made) is None
    of_another = token(KEY, "pam").partition(".")[0] + made[4:]
    for wrong in ("", ".", made[:-1], made + "A", of_another, "é.é"):
        assert owner(KEY, wrong) is None, wrong
