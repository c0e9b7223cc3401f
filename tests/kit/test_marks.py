"""What of a found text is shown, and that no more of it is looked at than that."""

from itertools import islice

import pytest

from bullpen.kit.fulltext import StemmedTerm, StemmedWord
from bullpen.kit.marks import Segment, marked, marked_part
from bullpen.kit.words import BLOCK, Folded, words


def one(word: str, *, begins: bool = False) -> list[list[StemmedTerm]]:
    return [[StemmedTerm([StemmedWord(word, 1, begins)], negated=False)]]


def shown(segments: list[Segment]) -> str:
    return "".join(f"[{part.text}]" if part.hit else part.text for part in segments)


@pytest.mark.parametrize("line", ["one word café, ", "上海东边。", "สวัสดี ", "don't: 👍🏽 "])
def test_the_last_word_of_a_long_text_is_marked_at_its_place(line: str):
    text = line * 1_000 + "flonkerton"
    number = len(list(words(text)))
    found = marked(text, one("flonkerton"), {"flonkerton": [number]})
    assert shown(found).endswith("[flonkerton]")
    assert len("".join(part.text for part in found)) < 100


@pytest.mark.parametrize("line", ["one word café's, ", "上海东边。", "สวัสดี ", "👍🏽 it’s "])
def test_words_of_a_long_text_are_those_of_its_parts(line: str):
    text = line * (3 * BLOCK // len(line))
    assert len(list(Folded(text).blocks())) > 1
    each = [(word.folded, word.start, word.end) for word in words(line)]
    expected = [
        (folded, start + at, end + at)
        for at in range(0, len(text), len(line))
        for folded, start, end in each
    ]
    assert [(word.folded, word.start, word.end) for word in words(text)] == expected
    numbered = [word.number for word in words(text)]
    assert numbered == list(range(1, len(numbered) + 1))
    assert [word.number for word in words(text, [2, 700])] == [2, 700]


def test_a_text_is_folded_no_further_than_its_first_hit():
    folded = Folded("é " * 20_000)
    block, at = next(folded.blocks())
    assert (len(block), at) == (BLOCK, 0)
    assert folded.written[-1][1] <= BLOCK + 300
    assert [word.number for word in islice(words("é " * 20_000), 3)] == [1, 2, 3]


def test_a_phrase_that_a_text_repeats_is_marked_without_a_gap():
    phrase = [
        [StemmedTerm([StemmedWord("paper", 1, False), StemmedWord("paper", 2, False)], False)]
    ]
    found = marked("paper-" * 6_000, phrase, {"paper": list(range(1, 257))})
    assert found == [Segment("paper-" * 50, hit=True)]
    assert shown(marked("a paper-paper b", phrase, {"paper": [2, 3]})) == "a [paper-paper] b"
    assert shown(marked("a paper paper b", phrase, {"paper": [2, 3]})) == "a [paper] [paper] b"
    assert shown(marked("paper b paper", phrase, {"paper": [1, 3]})) == "paper b paper"


def test_a_beginning_stands_for_all_words_that_begin_so():
    text = "anna and andy, or bob"
    places = {"anna": [1], "and": [2], "andi": [3]}
    assert shown(marked(text, one("an", begins=True), places)) == "[anna] [and] [andy], or bob"


def test_a_part_of_a_word_is_marked_where_it_stands_in_a_long_text():
    text = "Ünïcode " * 1_000 + "QUABBÍTY" + " tail" * 1_000
    (before, hit, after) = marked_part(text, "abbit")
    assert (hit, before.text[-2:], after.text[:2]) == (Segment("ABBÍT", hit=True), "QU", "Y ")
