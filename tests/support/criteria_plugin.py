"""Records which acceptance criteria the tests prove: `--criteria=FILE` says where."""

import json
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

NUMBERS = tomllib.loads((Path(__file__).parents[1] / "criteria.toml").read_text())["criteria"]
WORST_FIRST = ("failed", "skipped", "passed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--criteria", metavar="FILE", type=Path, help="where to write what proves each criterion"
    )


def pytest_configure(config: pytest.Config) -> None:
    file = config.getoption("criteria")
    if file is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(file))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for mark in item.iter_markers("ac"):
            for number in mark.args:
                if number not in NUMBERS:
                    raise pytest.UsageError(f"{item.nodeid}: there is no criterion {number!r}")
                # A test's properties travel to the controlling process; its marks do not.
                item.user_properties.append(("ac", number))


class Recorder:
    def __init__(self, file: Path) -> None:
        self.file = file
        self.outcomes: dict[str, dict[str, str]] = defaultdict(dict)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.outcome == "rerun":
            return
        for name, number in report.user_properties:
            if name == "ac":
                known = self.outcomes[str(number)].get(report.nodeid, "passed")
                worst = min(known, report.outcome, key=WORST_FIRST.index)
                self.outcomes[str(number)][report.nodeid] = worst

    def pytest_sessionfinish(self) -> None:
        self.file.write_text(json.dumps(self.outcomes, indent=1, sort_keys=True) + "\n")
