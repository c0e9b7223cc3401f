"""What the text of a search asks for, without a database."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bullpen.chat.search_query import SearchQuery, parse_query
from bullpen.kit.errors import Invalid

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("beet  farm", SearchQuery("beet farm")),
        ("beets from:dwight", SearchQuery("beets", from_=("dwight",))),
        ("FROM:@dwight In:#sales beets", SearchQuery("beets", from_=("dwight",), in_=("sales",))),
        ("from:dwight from:jim", SearchQuery("", from_=("dwight", "jim"))),
        ("from:me", SearchQuery("", from_=("pam",))),
        ('in:"party planning" cake', SearchQuery("cake", in_=("party planning",))),
        ('in:"party planning', SearchQuery("", in_=("party planning",))),
        ("in:“party planning” cake", SearchQuery("cake", in_=("party planning",))),
        ("from：dwight", SearchQuery("", from_=("dwight",))),
        ('"from:dwight" beets', SearchQuery('"from:dwight" beets')),
        ("mail-from:dwight", SearchQuery("mail-from:dwight")),
        ("has:Link has:thread", SearchQuery("", has=("link", "thread"))),
        ("in:", SearchQuery("", in_=("",))),
    ],
)
def test_words_and_operators(text: str, meant: SearchQuery):
    assert parse_query(text, "pam") == meant


def test_days_are_those_of_the_readers_zone_and_the_narrowest_counts():
    query = "before:2026-03-06 after:2026-03-01 before:2026-03-05 after:2026-03-02"
    assert parse_query(query, "pam", BERLIN) == SearchQuery(
        "", before=datetime(2026, 3, 5, tzinfo=BERLIN), after=datetime(2026, 3, 3, tzinfo=BERLIN)
    )
    assert parse_query("before:2026-03-06", "pam").before == datetime(2026, 3, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("has:money", "Use one of link, code, file, reaction, thread after has:, not 'money'."),
        ("before:yesterday", "Use a date like 2026-03-04 after before:, not 'yesterday'."),
        ("after:2026-02-30", "Use a date like 2026-03-04 after after:, not '2026-02-30'."),
        ("after:", "Use a date like 2026-03-04 after after:, not ''."),
        ("after:1899-12-31", "Use a date between 1900 and 9000 after after:."),
        ("before:9001-01-01", "Use a date between 1900 and 9000 after before:."),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_can(text: str, reason: str):
    with pytest.raises(Invalid) as refused:
        parse_query(text, "pam")
    assert str(refused.value) == reason
