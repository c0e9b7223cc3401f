"""What is one emoji, what shows, and what can be a name; tests/client has the same tables."""

import json
from pathlib import Path

import pytest

from bullpen.kit.emoji import as_emoji
from bullpen.kit.folding import name_keys
from bullpen.kit.text import is_visible, name_of

CASES = Path(__file__).parents[1] / "cases"
EMOJI = json.loads((CASES / "emoji.json").read_text())
VISIBLE = json.loads((CASES / "visible.json").read_text())


def test_an_emoji_has_one_form_and_nothing_else_is_one():
    assert {text: as_emoji(text) for text, _ in EMOJI["one"]} == dict(EMOJI["one"])
    assert {text: as_emoji(text) for text in EMOJI["none"]} == dict.fromkeys(EMOJI["none"])


def test_a_text_shows_or_is_blank():
    assert [text for text in VISIBLE["visible"] if not is_visible(text)] == []
    assert [text for text in VISIBLE["blank"] if is_visible(text)] == []


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (" Pam Beesly ", "Pam Beesly"),
        ("Jose\u0301", "José"),
        ("山田 太郎", "山田 太郎"),
        ("Ivan Петров", "Ivan Петров"),
        ("زهرا\u200cکریمی", "زهرا\u200cکریمی"),
        ("ශ්\u200dරී", "ශ්\u200dරී"),
        ("Dr 👩\u200d⚕️", "Dr 👩\u200d⚕️"),
        ("❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
        ("O'Brien, J.R.", "O'Brien, J.R."),
    ],
)
def test_a_name_is_kept_composed_and_without_space_around_it(written: str, name: str):
    assert name_of(written) == name


@pytest.mark.parametrize(
    "name",
    [
        *VISIBLE["blank"],
        *("a\nb", "a\rb", "a\u2028b", "a\u2029b", "a\x0bb", "a\x85b"),
        *("gen\u200beral", "gen\u2060eral", "gen\u00aderal", "gen\ufefferal", "gen\u034feral"),
        *("x\u202ey", "x\u2066y", "x\u200fy", "a\x07b", "x\u3164", "x\u2800y", "x\u115fy"),
        *("gen\u200deral", "gen\u200ceral", "Ann\ufe0f", "tag\U000e0041", "a\ue000", "a\uffff"),
        *("Мichael", "Pаm", "Οscar", "ВОB", "a" + "\u0301" * 9, "\u0301a"),
    ],
)
def test_what_hides_something_is_no_name(name: str):
    with pytest.raises(ValueError, match=r"."):
        name_of(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("general", "General"),
        ("general", "ＧＥＮＥＲＡＬ"),
        ("michael", "michael."),
        ("Michael Scott", "michael  scott"),
        ("José", "Jose\u0301"),
        ("Kevin Malone", "Kevin MaIone"),
        ("pam", "рам"),
        ("michael", "МІСНАЕL"),
        ("oscar", "0scar"),
        ("Straße", "STRASSE"),
        ("SCOTT", "ᏚСОТТ"),
    ],
)
def test_names_that_look_the_same_are_the_same(one: str, other: str):
    assert not name_keys(one).isdisjoint(name_keys(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Anna", "Hanna"), ("Tim", "Jim"), ("Иван", "Ivan"), ("Jose", "José"), ("a1", "a2")],
)
def test_other_names_are_others(one: str, other: str):
    assert name_keys(one).isdisjoint(name_keys(other))
