import pytest

AGENTS = "ann, bo, cy, di"
CHANGES = {
    "an unknown key": (
        ("memory/ann.yaml", "archive:", "archives:"),
        (
            "memory/ann.yaml:8: archives: is not known here;"
            " expected one of blocks, shared, archive (did you mean archive?)"
        ),
    ),
    "a label with a space": (
        ("memory/bo.yaml", "personality:", "my personality:"),
        (
            "memory/bo.yaml:2: blocks.my personality: 'my personality' is no id; expected small"
            " letters, digits, - and _, a letter or digit first"
        ),
    ),
    "an empty block": (
        ("memory/bo.yaml", "I count.", ""),
        "memory/bo.yaml:2: blocks.personality: is empty; expected a text",
    ),
    "a long block": (
        ("memory/bo.yaml", "I count.", "x" * 10_001),
        ("memory/bo.yaml:2: blocks.personality: has 10,001 characters; expected at most 10,000"),
    ),
    "a list for a block": (
        ("memory/bo.yaml", "I count.", "[I, count]"),
        "memory/bo.yaml:2: blocks.personality: is a list; expected a text",
    ),
    "a block twice": (
        ("memory/bo.yaml", "till: The", "personality: The"),
        (
            "memory/bo.yaml:3: personality: appears a second time;"
            " expected it once (see line 2)\n"
            "memory/bo.yaml:5: shared: 'till' is not a block of this file;"
            " expected one of personality"
        ),
    ),
    "sharing what is not there": (
        ("memory/bo.yaml", "till: [di]", "tills: [di]"),
        (
            "memory/bo.yaml:5: shared: 'tills' is not a block of this file;"
            " expected one of personality, till (did you mean till?)"
        ),
    ),
    "sharing with nobody": (
        ("memory/bo.yaml", "[di]", "[]"),
        "memory/bo.yaml:5: shared.till: is empty; expected at least one id",
    ),
    "sharing with a stranger": (
        ("memory/bo.yaml", "[di]", "[ed]"),
        (
            "memory/bo.yaml:5: shared.till: 'ed' is not an agent of this pack;"
            f" expected one of {AGENTS}"
        ),
    ),
    "sharing with oneself": (
        ("memory/bo.yaml", "[di]", "[di, bo]"),
        "memory/bo.yaml:5: shared: till: bo owns this block; expected other agents",
    ),
    "sharing what hides a block of one's own": (
        ("memory/bo.yaml", "till: [di]", "personality: [ann]"),
        (
            "memory/bo.yaml:5: shared.personality: ann has a block of this label already;"
            " expected another label (see memory/ann.yaml:2)"
        ),
    ),
    "two shared blocks of one label": (
        (
            "memory/bo.yaml",
            "  till: The drawer sticks.\nshared:\n  till: [di]",
            "  oven_news: Cold.\nshared:\n  oven_news: [di]",
        ),
        (
            "memory/bo.yaml:5: shared.oven_news: di has a block of this label already;"
            " expected another label (see memory/ann.yaml:5)\n"
            "memory/ann.yaml:7: shared.oven_news: bo has a block of this label already;"
            " expected another label (see memory/bo.yaml:3)"
        ),
    ),
    "a passage of tomorrow": (
        ("memory/ann.yaml", "day: -30, at: 04:10,", "day: 1, at: 04:10,"),
        (
            "memory/ann.yaml:9: archive.day: '1' is not possible;"
            " expected a whole number from -3650 to 0"
        ),
    ),
    "a passage out of order": (
        ("memory/ann.yaml", '"04:10:01"', "04:10"),
        (
            "memory/ann.yaml:10: at: day -30 04:10:00 is no later than the passage before it;"
            " expected after day -30 04:10:00"
        ),
    ),
    "a tag twice": (
        ("memory/ann.yaml", "[rye, ovens]", "[rye, rye]"),
        "memory/ann.yaml:9: archive.tags: 'rye' appears twice; expected each tag once",
    ),
    "eleven tags": (
        ("memory/ann.yaml", "[rye, ovens]", "[a, b, c, d, e, f, g, h, i, j, k]"),
        "memory/ann.yaml:9: archive.tags: has 11 tags; expected at most 10",
    ),
    "a long tag": (
        ("memory/ann.yaml", "[rye, ovens]", f"[{'r' * 41}]"),
        "memory/ann.yaml:9: archive.tags: has 41 characters; expected at most 40",
    ),
}


@pytest.mark.parametrize(("change", "message"), CHANGES.values(), ids=CHANGES)
def test_a_memory_that_does_not_fit(small_pack, change, message):
    small_pack.change(*change)
    assert sorted(small_pack.refusal().splitlines()) == sorted(message.splitlines())
