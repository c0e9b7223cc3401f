"""No text keeps what reads it busy: every kind of tests/cases/pathological.json, in CPU time."""

import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from bullpen.agents.scripted.lines import PLACE, Lines, Topic
from bullpen.agents.scripted.reply import GREETING, THANKS, is_filled, names, topic_of
from bullpen.chat.mentions import Names, Person, mentions_in
from bullpen.chat.search_query import parse_query
from bullpen.kit.errors import Invalid
from bullpen.kit.fulltext import StemmedTerm, StemmedWord
from bullpen.kit.marks import LAST_PLACE, marked
from bullpen.schedule.recurring import Pattern, next_time
from tests.support.pathological import texts

MOST_SECONDS = 0.2
LINES = Lines(addressed=["x"], topics=[Topic([f"word{n}"], ["x"]) for n in range(50)])
PEOPLE = Names([Person(f"user-{n}", f"User Number {n}") for n in range(50)])
NOW = datetime(2026, 3, 4, tzinfo=UTC)
FOUND = [[StemmedTerm([StemmedWord("x", 1, begins=False)], negated=False)]]
READERS = {
    "cron": lambda text: next_time(Pattern(text, "UTC"), NOW),
    "time zone": lambda text: next_time(Pattern("0 9 * * *", text), NOW),
    "query": lambda text: parse_query(text, "jim"),
    "marks of the last word": lambda text: marked(text, FOUND, {"x": [LAST_PLACE - 1]}),
    "mentions": lambda text: mentions_in(text, PEOPLE),
    "greeting": GREETING.match,
    "thanks": THANKS.search,
    "name": lambda text: names(text, "Michael Scott"),
    "topic": lambda text: topic_of(LINES, text),
    "persona line": lambda text: (PLACE.findall(text), is_filled(text, text[:4000])),
}


@pytest.mark.parametrize("reader", READERS)
def test_no_text_keeps_a_reader_busy(reader: str):
    slow = {}
    for name, text in texts().items():
        begun = time.process_time()
        with suppress(Invalid):
            READERS[reader](text)
        taken = time.process_time() - begun
        if taken > MOST_SECONDS:
            slow[name] = taken
    assert slow == {}
