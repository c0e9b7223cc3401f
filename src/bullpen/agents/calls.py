"""A call of a tool, as a model made it, against what the tool takes."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pydantic import BaseModel, ValidationError

from bullpen.agents.runtime import Tool, ToolProblem
from bullpen.kit.database import translated
from bullpen.kit.errors import AppError, DatabaseUnavailable

SHOWN = 5


def understood(
    tools: Sequence[Tool[Any]], name: str, arguments: dict[str, Any] | str
) -> tuple[Tool[Any], BaseModel]:
    """The tool and its arguments; a problem says what to call instead."""
    tool = next((tool for tool in tools if tool.name == name), None)
    if tool is None:
        names = ", ".join(tool.name for tool in tools)
        raise ToolProblem(f"There is no tool {name[:80]!r}. The tools are: {names}.")
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments or "{}")
        except ValueError as problem:
            raise ToolProblem(
                f"The arguments of {name} are not valid JSON ({problem}). Call it again with a JSON"
                " object."
            ) from None
    try:
        return tool, tool.arguments.model_validate(arguments)
    except ValidationError as invalid:
        problems = [
            f"{'.'.join(map(str, error['loc'])) or 'the arguments'}:"
            f" {error['msg'].removeprefix('Value error, ')}"
            for error in invalid.errors(include_url=False, include_input=False)[:SHOWN]
        ]
        raise ToolProblem(f"{name} was not called: {'; '.join(problems)}.") from None


@contextmanager
def told_to_the_model() -> Iterator[None]:
    """What an action refuses, the model may do otherwise; a database that is away is not its."""
    try:
        with translated():
            yield
    except DatabaseUnavailable:
        raise
    except AppError as problem:
        raise ToolProblem(problem.message) from problem
