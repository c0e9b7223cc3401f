"""Keywords in Python; the cases are those of the browser."""

import json
import re
from pathlib import Path

import pytest

from bullpen.kit import words
from bullpen.push.keywords import has_keyword, said_in

ROOT = Path(__file__).parents[2]
CASES = json.loads((ROOT / "tests" / "cases" / "keywords.json").read_text("utf-8"))
CLASSES = ROOT / "src" / "bullpen" / "client" / "core" / "word-classes.js"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_message_has_a_keyword_by_whole_words(case):
    assert has_keyword([case["keyword"]], said_in(case["text"])) is case["matches"]


def test_the_browser_has_the_same_classes_of_characters():
    written = CLASSES.read_text("utf-8")
    joined = re.sub(r"` \+\s+String\.raw`", "", written)
    joined = re.sub(r"\\u\{(\w+)\}", lambda found: f"\\U{found[1]:0>8}", joined)
    for name in ("INVISIBLE", "ACCENTS", "SYMBOLS", "SEPARATORS", "UNSPACED"):
        expected = f"export const {name.lower()} = String.raw`{getattr(words, name)}`;"
        assert expected in re.sub(r"=\s+", "= ", joined), name
    for letters in words.VARIANTS:
        assert letters in written
