"""How a scripted agent reads what was said."""

import time

import pytest

from bullpen.agents.scripted.reply import GREETING, LONGEST_GREETING, is_filled


@pytest.mark.parametrize(
    "text",
    ["hi", "Hi!", "  hello there", "@kevin hi", "@kevin, good morning", "@Kevin! hey you", "...yo",
     "GOOD EVENING", "(morning)", "@a\nhello"],
)  # fmt: skip
def test_a_greeting_stands_at_the_beginning_perhaps_after_a_mention(text: str):
    assert GREETING.match(text)


@pytest.mark.parametrize("text", ["", "this is", "history", "oh hi", "@kevin what", "@", "@hi"])
def test_other_texts_are_no_greeting(text: str):
    assert not GREETING.match(text)


@pytest.mark.parametrize("text", ["@" * 40_000, "@a " * 13_000, " " * 40_000, "!@" * 20_000])
def test_a_greeting_is_looked_for_in_one_pass(text: str):
    begun = time.perf_counter()
    assert not GREETING.match(text)
    assert time.perf_counter() - begun < 0.2


@pytest.mark.parametrize(
    ("line", "text", "fits"),
    [
        ("Hello.", "Hello.", True),
        ("Hello.", "Hello", False),
        ("Hi {name}.", "Hi Pam.", True),
        ("Hi {name}.", "Hi .", True),
        ("Hi {name}.", "Hi.", False),
        ("{name}, {word} is {word}", "Pam, beets is beets", True),
        ("{name}{word}{name}", "", True),
        ("a{name}a", "a", False),
        ("a{name}b{name}b", "axb", False),
        ("a{name}b{name}b", "abb", True),
        ("{name} (ever)", "Pam (ever)", True),
    ],
)
def test_a_line_is_known_again_with_its_places_filled(line: str, text: str, fits: bool):
    assert is_filled(line, text) is fits


def test_a_line_of_many_places_is_compared_in_one_pass():
    begun = time.perf_counter()
    assert not is_filled("{name} a" * 50 + "!", "a" * 40_000)
    assert not is_filled("{name}a" * 50 + "b{word}c", "a" * 40_000 + "c")
    assert time.perf_counter() - begun < 0.2


def test_what_is_longer_than_a_greeting_is_not_looked_at():
    assert LONGEST_GREETING == 60
