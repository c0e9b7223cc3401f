"""Packs are read by libyaml where PyYAML has it, and by PyYAML alone where not."""

import pytest
import yaml

from bullpen.packs.problems import Problems
from bullpen.packs.reader import bundled
from bullpen.packs.yaml_tree import parse


@pytest.fixture
def both(monkeypatch):
    def read(text: str) -> list[object]:
        found = []
        for quickly in (True, False):
            monkeypatch.setattr(yaml, "__with_libyaml__", quickly)
            problems = Problems()
            found.append((parse("it.yaml", text, problems), vars(problems)))
        return found

    assert yaml.__with_libyaml__
    return read


def test_both_parsers_read_the_same_with_the_same_lines(both):
    files = sorted(bundled().rglob("*.yaml"))
    assert len(files) > 50
    for file in files:
        quick, slow = both(file.read_text())
        assert quick == slow, file


@pytest.mark.parametrize("text", ["a: b\tc: d", "a: b: c", "a: [b", 'a: "\\UFFFFFFFF"', "a: \x07"])
def test_both_parsers_refuse_the_same_in_the_same_words(both, text):
    quick, slow = both(text)
    assert quick == slow
    assert quick[0] is None
