import pytest

CHANGES = {
    "nothing that always fits": (
        ("lines/bo.yaml", "addressed: [Next.]", "greetings: [Next.]"),
        "lines/bo.yaml:1: addressed: is missing",
    ),
    "an empty list": (
        ("lines/bo.yaml", "[Next.]", "[]"),
        "lines/bo.yaml:1: addressed: is an empty list; expected at least one",
    ),
    "an empty line": (
        ("lines/bo.yaml", "[Next.]", '[""]'),
        "lines/bo.yaml:1: addressed: is empty; expected a text",
    ),
    "a long line": (
        ("lines/bo.yaml", "Next.", "x" * 501),
        "lines/bo.yaml:1: addressed: has 501 characters; expected at most 500",
    ),
    "an unknown place": (
        ("lines/ann.yaml", "Yes, {name}.", "Yes, {names}."),
        (
            "lines/ann.yaml:2: addressed: '{names}' is not filled in here;"
            " expected one of name, channel (did you mean name?)"
        ),
    ),
    "a topic's word without a topic": (
        ("lines/ann.yaml", "In {channel}.", "In {word}."),
        (
            "lines/ann.yaml:2: addressed: '{word}' is not filled in here;"
            " expected one of name, channel"
        ),
    ),
    "a word in two topics": (
        ("lines/ann.yaml", "[oven]", "[oven, rye]"),
        (
            "lines/ann.yaml:9: topics.words: 'rye' appears twice; expected each word once"
            " (see line 6)"
        ),
    ),
    "two words in one": (
        ("lines/ann.yaml", "[oven]", "[the oven]"),
        (
            "lines/ann.yaml:9: topics.words: 'the oven' is no word;"
            " expected a single one in small letters"
        ),
    ),
    "a share that is none": (
        ("lines/ann.yaml", "0.5", "1.5"),
        "lines/ann.yaml:1: talkative: '1.5' is no share; expected one from 0 to 1, such as 0.2",
    ),
    "a reaction by name": (
        ("lines/ann.yaml", "[👍]", "[thumbsup]"),
        (
            "lines/ann.yaml:11: reactions: 'thumbsup' is no emoji;"
            " expected the character itself, such as 👍"
        ),
    ),
    "an unknown key": (
        ("lines/ann.yaml", "greetings:", "greeting:"),
        (
            "lines/ann.yaml:3: greeting: is not known here; expected one of talkative, addressed,"
            " greetings, questions, thanks, asides, planned, notes, topics, reactions"
            " (did you mean greetings?)"
        ),
    ),
}


@pytest.mark.parametrize(("change", "expected"), CHANGES.values(), ids=CHANGES)
def test_broken_lines_are_refused(small_pack, change, expected):
    small_pack.change(*change)
    assert small_pack.refusal() == expected


def test_lines_of_somebody_else_are_refused(small_pack):
    small_pack.write("lines/zed.yaml", "addressed: [Hm.]\n")
    assert small_pack.refusal() == (
        "lines/zed.yaml: 'zed' is not an agent of this pack; expected one of ann, bo, cy, di"
    )
