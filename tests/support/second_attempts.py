"""A second attempt for tests that race with the load of the machine; the run's end names all that
needed it. `--alone-list FILE` writes down those that failed twice, for an attempt of their own.
"""

import functools
from collections.abc import Iterable
from pathlib import Path, PurePath

import pytest
from pytest_timeout import _get_item_settings

# The others call functions, or Postgres by one connection: nothing runs beside them.
RACING = (
    "e2e",
    "tests/agents",
    "tests/api",
    "tests/backup",
    "tests/commands",
    "tests/deploy",
    "tests/events",
    "tests/faults",
    "tests/obedient",
    "tests/processes",
    "tests/runs",
)
# More failures than this are not for the load of the machine.
MOST_ALONE = 5
REASON = "waits for other programs, and races with the load of the machine"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--alone-list",
        metavar="FILE",
        type=Path,
        help="write down the failed tests, if all of them race with the load of the machine",
    )


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(SecondAttempts(config.getoption("alone_list")))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # A debugger stops at the first failure.
    if config.option.usepdb:
        return
    for item in items:
        if races(item.path.relative_to(config.rootpath)):
            item.add_marker(pytest.mark.flaky(reruns=1, reason=REASON))


@functools.cache
def races(file: PurePath) -> bool:
    return any(file.is_relative_to(folder) for folder in RACING)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Gives the second attempt a time limit: that of the test ended with the first failure."""
    settings = _get_item_settings(item)
    if settings.timeout and getattr(item, "execution_count", 1) > 1:
        hooks = item.config.pluginmanager.hook
        hooks.pytest_timeout_cancel_timer(item=item)
        hooks.pytest_timeout_set_timer(item=item, settings=settings)


class SecondAttempts:
    def __init__(self, alone_list: Path | None) -> None:
        self.alone_list = alone_list
        self.errors: dict[str, str] = {}
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.outcome == "rerun":
            self.errors.setdefault(report.nodeid, first_line(report))
        elif report.failed:
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        if self.alone_list is None:
            return
        tests = sorted(self.failed) if exitstatus == pytest.ExitCode.TESTS_FAILED else []
        if len(tests) > MOST_ALONE or not all(races(PurePath(file_of(test))) for test in tests):
            tests = []
        self.alone_list.parent.mkdir(parents=True, exist_ok=True)
        self.alone_list.write_text("".join(f"{test}\n" for test in tests))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if lines := list(self.lines()):
            terminalreporter.section("second attempts")
            for line in lines:
                terminalreporter.write_line(line)

    def lines(self) -> Iterable[str]:
        """One that failed again is among the failures."""
        return (
            f"needed a second attempt: {test}: {error}"
            for test, error in sorted(self.errors.items())
            if test not in self.failed
        )


def file_of(test: str) -> str:
    return test.partition("::")[0]


def first_line(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message if crash else report.longrepr).partition("\n")[0]
