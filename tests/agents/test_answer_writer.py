"""What of a model's pieces is shown: the text of what it sends, once its address is known."""

import json

import pytest

from bullpen.agents.answer_writer import Written, read
from bullpen.agents.runtimes.pieces import CallPart, Thought
from bullpen.runs.partial_answers import Address

TEXT = 'Say "é" \U0001f950\n*now*'
WHOLE = json.dumps({"text": TEXT})


def test_every_beginning_of_the_arguments_shows_a_beginning_of_the_text():
    shown = []
    for end in range(len(WHOLE) + 1):
        found = read([WHOLE[:end]])
        shown.append("" if found is None else found[0])
    assert all(TEXT.startswith(one) for one in shown)
    assert shown == sorted(shown, key=len)
    assert shown[-1] == TEXT


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ('{"to": "ji', None),
        ('{"to": "jim"', None),
        ('{"to": "jim", "text": "H', ("H", Address(to="jim"))),
        ('{"channel": "sales", "text": "H"}', ("H", Address(channel="sales"))),
        # An address after the text is not known before it is there.
        ('{"text": "H"', ("H", Address())),
        ('{"text": "H", "t', ("H", Address())),
        ('{"text": "H", "to": "ji', None),
        ('{"text": "H", "to": "jim"', None),
        ('{"text": "H", "to": "jim"}', ("H", Address(to="jim"))),
        ('{"to": 7, "text": "H', None),
        ('{"text": ["H', None),
        ('"text', None),
        ("{text: 1", None),
        ("", None),
        ('{"text": "a\\u0000b', ("a\ufffdb", Address())),
    ],
)
def test_a_text_is_shown_once_it_is_known_where_it_goes(arguments, expected):
    assert read([arguments]) == expected


def written(*pieces):
    made = Written()
    for piece in pieces:
        made.take(piece)
    return made


def test_texts_for_one_place_are_shown_together_and_for_another_place_alone():
    one, two = (
        CallPart(0, "send_message", '{"text": "A"}'),
        CallPart(1, "send_message", '{"text": "B'),
    )
    away = CallPart(2, "send_message", '{"to": "jim", "text": "C')
    assert written(one, two).shown() == ("A\n\nB", Address())
    assert written(one, two, away).shown() == ("C", Address(to="jim"))


def test_what_is_done_is_not_shown_again_and_what_is_not_stays():
    made = written(
        Thought("Hm"),
        CallPart(0, "send_message", '{"text": "A"}'),
        CallPart(1, "send_message", '{"text": "B'),
    )
    made.forget_done()
    assert (made.shown(), made.thinking) == (("B", Address()), [])


def test_other_tools_are_named_and_their_arguments_are_not_shown():
    made = written(CallPart(0, "search_messages", '{"query": "secret", "text": "x'))
    assert (made.tool(), made.shown()) == ("search_messages", ("", Address()))
    assert written(CallPart(0, "do_nothing", "{")).tool() is None
