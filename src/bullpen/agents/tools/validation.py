"""A tool call as a model made it, judged against what the tool takes.

The only place that does this: the recorder asks here, and every runtime and test goes through the
recorder.
"""

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

from pydantic import BaseModel, ValidationError

from bullpen.agents.tools.base import Tool, ToolProblem
from bullpen.kit.database import translate_errors
from bullpen.kit.errors import AppError, DatabaseUnavailable

SHOWN = 5
# Far more than any tool takes: the longest message has 40,000 characters.
LONGEST = 200_000
DEEPEST = 50
# Of what could not be read, enough to see what the model did.
KEPT_UNREADABLE = 10_000


@dataclass(frozen=True, slots=True)
class Call:
    tool_name: str
    # The arguments as JSON that Postgres can store; None where they are no JSON object.
    stored: str | None
    # The arguments as the model wrote them, where they are no JSON object.
    unreadable: str
    tool: Tool[Any] | None
    arguments: BaseModel | None
    # What is wrong, in words that tell the model what to do; None where the call can be made.
    problem: str | None

    @property
    def key(self) -> tuple[str, str]:
        """Equal for calls that ask for the same, however their JSON is written."""
        given = None if self.arguments is None else self.arguments.model_dump(mode="json")
        return self.tool_name, json.dumps(given, sort_keys=True)


def validate_call(
    tools: Mapping[str, Tool[Any]], tool_name: str, arguments: dict[str, Any] | str
) -> Call:
    try:
        given = read(arguments)
        stored = json.dumps(storable(given), ensure_ascii=False)
    except (ValueError, RecursionError) as problem:
        words = (
            f"The arguments of {tool_name[:80]} are not valid JSON ({reason(problem)})."
            " Call it again with a JSON object."
        )
        unreadable = shown(arguments)
        return Call(tool_name, None, unreadable, tools.get(tool_name), None, words)
    is_object = isinstance(given, dict)
    kept = stored if is_object else None
    unreadable = "" if is_object else shown(arguments)
    tool = tools.get(tool_name)
    if tool is None:
        words = f"There is no tool '{tool_name[:80]}'. The tools are: {', '.join(tools)}."
        return Call(tool_name, kept, unreadable, None, None, words)
    try:
        valid = tool.arguments.model_validate(given)
    except ValidationError as invalid:
        words = f"{tool_name} was not called: {'; '.join(problems_of(invalid))}."
        return Call(tool_name, kept, unreadable, tool, None, words)
    return Call(tool_name, kept, unreadable, tool, valid, None)


def read(arguments: Any) -> Any:
    """What the arguments say. Raises ValueError or RecursionError where they say nothing.

    Small models leave line breaks in strings as they are; some servers encode the object twice, or
    send null for no arguments.
    """
    for _ in range(2):
        if not isinstance(arguments, str):
            break
        if len(arguments) > LONGEST:
            raise ValueError(f"{len(arguments):,} characters, {LONGEST:,} at most")
        arguments = (
            json.loads(arguments, strict=False, parse_constant=no_number)
            if arguments.strip()
            else {}
        )
    return {} if arguments is None else arguments


def no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def storable(value: Any, depth: int = 0) -> Any:
    """The same without what Postgres cannot keep: NUL, lone surrogates, numbers that are none."""
    if depth > DEEPEST:
        raise ValueError(f"nested deeper than {DEEPEST} levels")
    match value:
        case str():
            return stored_text(value)
        case dict():
            return {
                stored_text(str(name)): storable(item, depth + 1) for name, item in value.items()
            }
        case list() | tuple():
            return [storable(item, depth + 1) for item in value]
        case float() if not math.isfinite(value):
            return str(value)
        case None | bool() | int() | float():
            return value
    return stored_text(str(value))


def stored_text(text: str) -> str:
    """What Postgres cannot keep, a model may all the same write."""
    return text.replace("\x00", "\ufffd").encode(errors="replace").decode()


def reason(problem: Exception) -> str:
    return "nested too deeply" if isinstance(problem, RecursionError) else str(problem)


def shown(arguments: Any) -> str:
    try:
        written = arguments if isinstance(arguments, str) else json.dumps(arguments, default=str)
    except (ValueError, RecursionError):
        return ""
    text = stored_text(written)
    return text if len(text) <= KEPT_UNREADABLE else f"{text[:KEPT_UNREADABLE]}…"


def problems_of(invalid: ValidationError) -> list[str]:
    return [
        f"{'.'.join(map(str, error['loc'])) or 'the arguments'}:"
        f" {error['msg'].removeprefix('Value error, ')}"
        for error in invalid.errors(include_url=False, include_input=False)[:SHOWN]
    ]


@contextmanager
def as_failed_call() -> Iterator[None]:
    """Reports refusals to the model, which can try something else; outages propagate."""
    try:
        with translate_errors():
            yield
    except DatabaseUnavailable:
        raise
    except AppError as problem:
        raise ToolProblem(problem.message) from problem
