"""The tests themselves: each can fail, each ends, and none imports another."""

import ast
import os
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted([*(ROOT / "tests").rglob("*.py"), *(ROOT / "e2e").rglob("*.py")])
PROVES = {"raises", "warns", "expect", "fail"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def parsed() -> dict[str, ast.Module]:
    """Not read as the tests are collected, which every worker does."""
    return {file.relative_to(ROOT).as_posix(): ast.parse(file.read_text()) for file in FILES}


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def is_test(name: str) -> bool:
    return name.startswith("test_")


def name_of(node: ast.AST) -> str:
    """The last part of a name: `raises` of `pytest.raises`."""
    return str(getattr(node, "attr", getattr(node, "id", "")))


def fails_by_itself(node: ast.AST) -> bool:
    return any(
        isinstance(part, ast.Assert | ast.Raise)
        or (isinstance(part, ast.Call) and name_of(part.func) in PROVES)
        for part in ast.walk(node)
    )


def used(node: ast.AST) -> set[str]:
    return {name_of(part) for part in ast.walk(node) if isinstance(part, ast.Name | ast.Attribute)}


def helpers_that_fail(modules: dict[str, ast.Module]) -> set[str]:
    """By their names; also those that call such a helper."""
    helpers: dict[str, list[Function]] = defaultdict(list)
    for tree in modules.values():
        for function in functions(tree):
            if not is_test(function.name):
                helpers[function.name].append(function)
    found = {name for name, all_of in helpers.items() if any(map(fails_by_itself, all_of))}
    while True:
        more = {
            name
            for name, all_of in helpers.items()
            if name not in found and any(used(function) & found for function in all_of)
        }
        if not more:
            return found
        found |= more


def without_proof(modules: dict[str, ast.Module]) -> list[str]:
    helpers = helpers_that_fail(modules)
    return [
        f"{file}::{function.name}"
        for file, tree in modules.items()
        if is_test(Path(file).stem)
        for function in functions(tree)
        if is_test(function.name) and not fails_by_itself(function) and not used(function) & helpers
    ]


def test_each_test_can_fail():
    assert without_proof(parsed()) == []


def test_a_test_that_waits_for_ever_fails_and_the_others_go_on(tmp_path: Path, pytestconfig):
    assert float(pytestconfig.getini("timeout")) == 120
    method = pytestconfig.getini("timeout_method")
    (tmp_path / "test_waiting.py").write_text(
        "def test_waits():\n    while True:\n        pass\n\ndef test_next():\n    assert True\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "pytest_timeout"]
    done = subprocess.run(
        [*command, "--timeout", "0.5", "--timeout-method", method],
        cwd=tmp_path,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Failed: Timeout" in done.stdout
    assert "1 failed, 1 passed" in done.stdout


def test_programs_hear_interrupts_when_the_tests_run_in_the_background():
    script = (
        "import subprocess; from tests.support import interrupts; interrupts.hear_interrupts();"
        "print(subprocess.run(['sh', '-c', 'kill -INT $$; echo ignored']).returncode)"
    )
    ignoring = ["sh", "-c", 'trap "" INT; exec "$@"', "sh", sys.executable, "-c", script]
    done = subprocess.run(ignoring, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == f"{-signal.SIGINT}\n"


def test_no_test_module_imports_another():
    found = [
        f"{file}: {name}"
        for file, tree in parsed().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom | ast.Import)
        for name in [getattr(node, "module", None), *(alias.name for alias in node.names)]
        if name is not None and is_test(name.rpartition(".")[2]) and name != "test_"
    ]
    assert found == []


def test_one_that_cannot_fail_would_be_found():
    modules = {
        "tests/test_bad.py": ast.parse(
            "def test_a():\n    helper()\n"
            "def test_b():\n    proving()\n"
            "def helper():\n    return 1\n"
            "def proving():\n    inner()\n"
            "def inner():\n    assert 1 == 2\n"
        )
    }
    assert without_proof(modules) == ["tests/test_bad.py::test_a"]
