"""Why an agent did not answer is said by the system: about the agent, with what to do."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

import bullpen
from bullpen.agents.run_context import RunContext
from bullpen.agents.runner import unexplained
from bullpen.agents.runtimes.base import RunResult
from bullpen.runs.values import StopReason

ROOT = Path(bullpen.__file__).parent
FIRST_PERSON = re.compile(r"(?<![\w%])(I|I'm|my|me|mine|myself)(?!\w)")
# A failed run ends for one of these reasons.
ENDS = [reason for reason in get_args(StopReason) if reason not in ("end_turn", "cancelled")]


@pytest.fixture
def context():
    """A run of an agent that has five turns."""

    class Agent:
        max_turns = 5

    class Run:
        agent = Agent()

    return Run()


@pytest.mark.parametrize("reason", ENDS)
def test_each_way_to_fail_is_a_sentence_that_says_what_to_do(
    reason: StopReason, context: RunContext
):
    words = unexplained(RunResult(reason), context)
    assert words is not None
    assert re.match(r"^[A-Z].*\.$", words)
    assert re.search(r"\b(Ask|Choose|Allow)\b", words)


def messages_in(path: Path) -> list[str]:
    """The texts of a file that could be read by people: no SQL and no docstrings."""
    tree = ast.parse(path.read_text())
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings
        and not re.search(r"\b(SELECT|WHERE)\b", node.value)
    ]


@pytest.mark.parametrize("room", ["agents", "runs", "schedule"])
def test_no_failure_is_told_in_an_agents_own_voice(room: str):
    found = [
        (path.name, text)
        for path in (ROOT / room).rglob("*.py")
        # The script speaks for the agent.
        if path.parent.name != "scripted"
        for text in messages_in(path)
        if FIRST_PERSON.search(text)
    ]
    assert found == []
