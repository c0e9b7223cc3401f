"""Only tests that race with the load get a second attempt, and none gets it in silence."""

import subprocess
import sys
from pathlib import Path, PurePath

import pytest

from tests.support.second_attempts import RACING, races

ROOT = Path(__file__).resolve().parent.parent

# Each test notes its attempts in a file, since a worker that ends forgets them.
HELPERS = """
import os
from pathlib import Path

import pytest

def attempt(name):
    with Path(os.environ["ATTEMPTS"], name).open("a") as file:
        file.write("x")
    return Path(os.environ["ATTEMPTS"], name).stat().st_size

@pytest.fixture(scope="module")
def shared():
    attempt("shared")

@pytest.fixture
def checked():
    number = attempt("checked")
    yield
    assert number == 2, "the console"

@pytest.fixture
def prepared():
    assert attempt("prepared") == 2, "not ready"
"""
RACES = """
import os

import pytest
from helpers import attempt, checked, prepared, shared

def test_once(shared):
    assert attempt("once") == 2, "too early"

def test_at_the_end(checked, shared):
    pass

def test_at_the_beginning(prepared):
    pass

def test_always():
    attempt("always")
    assert False, "broken"

@pytest.mark.timeout(0.3)
def test_endless():
    attempt("endless")
    while True:
        pass

def test_exit():
    if attempt("exit") == 1:
        os._exit(3)

def test_good():
    attempt("good")
"""
PURE = """
from helpers import attempt

def test_pure():
    assert attempt("pure") == 2, "wrong"
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The attempts of each test of a small suite, and what its run printed."""
    suite, attempts = tmp_path_factory.mktemp("suite"), tmp_path_factory.mktemp("attempts")
    for name, text in (
        ("pytest.ini", "[pytest]\npythonpath = .\nfilterwarnings = error\n"),
        ("helpers.py", HELPERS),
        ("e2e/test_races.py", RACES),
        ("tests/kit/test_pure.py", PURE),
    ):
        file = suite / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return attempts, run_suite(suite, attempts, "-n", "2", "--dist", "worksteal")


def run_suite(suite: Path, attempts: Path, *arguments: str) -> str:
    plugins = ("xdist", "timeout", "rerunfailures", "tests.support.second_attempts")
    chosen = [word for plugin in plugins for word in ("-p", plugin)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *arguments, *chosen],
        cwd=suite,
        env={
            "PATH": "",
            "PYTHONPATH": str(ROOT),
            "ATTEMPTS": str(attempts),
            # The others take longer to load than the suite takes.
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def test_a_failed_test_that_races_is_tried_a_second_time_and_no_other(run: tuple[Path, str]):
    attempts, said = run
    counted = {file.name: file.stat().st_size for file in attempts.iterdir()}
    # A module's fixture is made once for each worker.
    assert counted.pop("shared") in (1, 2)
    assert counted == {
        "once": 2,
        "checked": 2,
        "prepared": 2,
        "always": 2,
        "endless": 2,
        "exit": 2,
        "good": 1,
        "pure": 1,
    }, said


def test_the_end_names_those_that_needed_it_with_their_first_error(run: tuple[Path, str]):
    _, said = run
    named = [line for line in said.splitlines() if line.startswith("needed a second attempt: ")]
    beginning = "needed a second attempt: e2e/test_races.py::"
    assert [line.partition("\n")[0] for line in named[:1]] == [
        f"{beginning}test_at_the_beginning: AssertionError: not ready"
    ], said
    assert [line.removeprefix(beginning).partition(":")[0] for line in named] == [
        "test_at_the_beginning",
        "test_at_the_end",
        "test_exit",
        "test_once",
    ]


def test_what_fails_twice_and_what_has_one_attempt_fail(run: tuple[Path, str]):
    _, said = run
    failed = sorted(line.split()[1] for line in said.splitlines() if line.startswith("FAILED "))
    assert failed == [
        "e2e/test_races.py::test_always",
        "e2e/test_races.py::test_endless",
        "tests/kit/test_pure.py::test_pure",
    ]
    assert "Failed: Timeout" in said


BROKEN = """
import pytest

@pytest.mark.parametrize("number", range({number}))
def test_broken(number):
    assert False
"""


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"e2e/test_two.py": 2},
            ["e2e/test_two.py::test_broken[0]", "e2e/test_two.py::test_broken[1]"],
        ),
        ({"e2e/test_none.py": 0}, []),
        ({"e2e/test_many.py": 6}, []),
        ({"e2e/test_one.py": 1, "tests/kit/test_one.py": 1}, []),
    ],
)
def test_those_that_failed_twice_are_written_down_unless_others_failed_or_too_many(
    files: dict[str, int], expected: list[str], tmp_path: Path
):
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    for name, number in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(BROKEN.format(number=number))
    run_suite(tmp_path, tmp_path, "--import-mode=importlib", "--alone-list", "lists/alone")
    assert (tmp_path / "lists" / "alone").read_text().splitlines() == expected


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("e2e/test_live.py", True),
        ("tests/faults/test_live.py", True),
        ("tests/api/test_posting.py", True),
        ("tests/chat/test_asking.py", False),
        ("tests/test_not_frozen.py", False),
    ],
)
def test_which_tests_race_follows_from_their_folder(file: str, expected: bool):
    assert races(PurePath(file)) is expected


def test_each_of_those_folders_exists():
    assert [folder for folder in RACING if not (ROOT / folder).is_dir()] == []
