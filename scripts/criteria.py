"""Runs the tests that are marked with an acceptance criterion and prints what each one proves.

usage: python scripts/criteria.py [arguments for pytest]
"""

import json
import subprocess
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "criteria.json"
NO_TESTS = 5

Outcomes = dict[str, dict[str, str]]


def status(outcomes: dict[str, str]) -> str:
    if not outcomes:
        return "missing"
    return "proven" if set(outcomes.values()) == {"passed"} else "NOT PROVEN"


def by_function(outcomes: dict[str, str]) -> dict[str, list[str]]:
    """The cases of one parametrised test are shown as one line."""
    functions: dict[str, list[str]] = defaultdict(list)
    for test, outcome in outcomes.items():
        functions[test.partition("[")[0]].append(outcome)
    return functions


def lines(stories: dict[str, str], criteria: dict[str, str], results: Outcomes) -> list[str]:
    table = []
    for story, story_title in stories.items():
        table += ["", f"{story}  {story_title}"]
        for number, title in criteria.items():
            if number.rpartition(".")[0] != story:
                continue
            outcomes = results.get(number, {})
            table.append(f"  {number:<7} {status(outcomes):<11} {title}")
            for test, cases in by_function(outcomes).items():
                counts = ", ".join(f"{cases.count(kind)} {kind}" for kind in sorted(set(cases)))
                table.append(f"{'':22}{test}: {counts}")
    proven = sum(status(results.get(number, {})) == "proven" for number in criteria)
    return [*table, "", f"{proven} of {len(criteria)}"]


def main() -> int:
    RESULTS.unlink(missing_ok=True)
    command = ["-m", "pytest", "-m", "ac", "-q", "-n", "auto", f"--criteria={RESULTS}"]
    done = subprocess.run([sys.executable, *command, *sys.argv[1:]], cwd=ROOT, check=False)
    if not RESULTS.exists():
        return done.returncode
    known = tomllib.loads((ROOT / "tests" / "criteria.toml").read_text())
    table = lines(known["stories"], known["criteria"], json.loads(RESULTS.read_text()))
    print("\n".join(table))
    return 0 if done.returncode == NO_TESTS else done.returncode


if __name__ == "__main__":
    sys.exit(main())
