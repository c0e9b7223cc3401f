"""How long the tests took: `--slowest=N` prints the N slowest, and the time of all.

Tests with a longer time limit than the others come first, so that no worker waits for one in the
end.
"""

from collections import defaultdict

import pytest

SECONDS_PER_MINUTE = 60


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--slowest", metavar="N", type=int, help="print the N slowest tests, with their fixtures"
    )


def pytest_configure(config: pytest.Config) -> None:
    number = config.getoption("slowest")
    if number is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Times(number))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)


class Times:
    def __init__(self, number: int) -> None:
        self.number = number
        self.seconds: dict[str, float] = defaultdict(float)
        self.began: list[float] = []
        self.ended: list[float] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] += report.duration
        self.began.append(report.start)
        self.ended.append(report.stop)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.seconds:
            terminalreporter.section("times")
            for line in self.lines():
                terminalreporter.write_line(line)

    def lines(self) -> list[str]:
        slowest = sorted(self.seconds.items(), key=lambda item: -item[1])[: self.number]
        return [
            *(f"{seconds:6.1f} s  {test}" for test, seconds in slowest),
            f"{len(self.seconds):,} tests in {clock(max(self.ended) - min(self.began))} minutes",
        ]


def clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), SECONDS_PER_MINUTE)
    return f"{minutes}:{rest:02}"
