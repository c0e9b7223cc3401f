import json
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from scripts.criteria import lines

from tests.support.criteria_plugin import Recorder, pytest_collection_modifyitems

KNOWN = tomllib.loads(Path(__file__).with_name("criteria.toml").read_text())
STORIES = {
    "1.0": 5,
    "1.1": 5,
    "1.2": 8,
    "1.3": 5,
    "1.4": 11,
    "1.5": 3,
    "1.6": 7,
    "1.7": 5,
    "1.8": 4,
}


def report(test: str, outcome: str, *numbers: str) -> SimpleNamespace:
    properties = [("ac", number) for number in numbers]
    return SimpleNamespace(nodeid=test, outcome=outcome, user_properties=properties)


def test_all_criteria_of_the_milestone_are_known():
    assert list(STORIES) == [f"1.{story}" for story in range(9)]
    assert list(KNOWN["criteria"]) == [
        f"{story}.{place}" for story, count in STORIES.items() for place in range(1, count + 1)
    ]
    assert len(KNOWN["criteria"]) == 53


def test_a_test_that_fails_in_any_phase_has_failed(tmp_path):
    recorder = Recorder(tmp_path / "criteria.json")
    for outcome in ("passed", "failed", "passed"):
        recorder.pytest_runtest_logreport(report("a.py::test_a", outcome, "1.0.1", "1.0.2"))
    recorder.pytest_runtest_logreport(report("a.py::test_b", "passed", "1.0.2"))
    recorder.pytest_runtest_logreport(report("a.py::test_c", "passed"))
    recorder.pytest_sessionfinish()
    assert json.loads(recorder.file.read_text()) == {
        "1.0.1": {"a.py::test_a": "failed"},
        "1.0.2": {"a.py::test_a": "failed", "a.py::test_b": "passed"},
    }


def test_a_test_that_passes_in_its_second_attempt_has_passed(tmp_path):
    recorder = Recorder(tmp_path / "criteria.json")
    for outcome in ("passed", "rerun", "passed", "passed", "passed", "passed"):
        recorder.pytest_runtest_logreport(report("e2e/a.py::test_a", outcome, "1.0.1"))
    recorder.pytest_sessionfinish()
    assert json.loads(recorder.file.read_text()) == {"1.0.1": {"e2e/a.py::test_a": "passed"}}


def test_a_criterion_that_does_not_exist_is_refused(request):
    item = SimpleNamespace(nodeid="a.py::test_a", iter_markers=lambda _: [pytest.mark.ac("1.9.1")])
    with pytest.raises(pytest.UsageError, match=r"a\.py::test_a: there is no criterion '1\.9\.1'"):
        pytest_collection_modifyitems([item])


def test_the_table_says_what_proves_each_criterion():
    results = {
        "1.0.1": {"a.py::test_a[1]": "passed", "a.py::test_a[2]": "passed"},
        "1.0.2": {"a.py::test_b": "failed", "b.py::test_c": "skipped"},
    }
    titles = {"1.0.1": "First", "1.0.2": "Second", "1.0.3": "Third"}
    assert lines({"1.0": "Story"}, titles, results) == [
        "",
        "1.0  Story",
        "  1.0.1   proven      First",
        "                      a.py::test_a: 2 passed",
        "  1.0.2   NOT PROVEN  Second",
        "                      a.py::test_b: 1 failed",
        "                      b.py::test_c: 1 skipped",
        "  1.0.3   missing     Third",
        "",
        "1 of 3",
    ]
