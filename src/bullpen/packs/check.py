"""Parsed files against their models, every misfit with its line."""

from typing import TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bullpen.packs.file_models import References
from bullpen.packs.problems import Problems, brief, expected_one_of, quoted
from bullpen.packs.yaml_tree import Document, Path, Tree

M = TypeVar("M", bound=BaseModel)

_NAMED = {
    "string_type": "a text",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "time_type": "a time of day, HH:MM or HH:MM:SS",
    "time_delta_type": "a number of seconds",
    "int_type": "a whole number",
    "float_type": "a number",
}


def check(
    document: Document, model: type[M], references: References, problems: Problems
) -> M | None:
    """What the file says, or None when problems were added."""
    return _checked(document, document.content, (), model, references, problems)


def check_items(
    document: Document | None,
    model: type[M],
    references: References,
    problems: Problems,
) -> list[tuple[Path, M | None]]:
    """The items of a file that is a list, each on its own; a broken file is one broken item."""
    if document is None:
        return [((), None)]
    if not isinstance(document.content, list):
        found = _kind(document.content)
        problems.add(document.file, document.line(()), f"is {found}; expected a list")
        return [((), None)]
    return [
        ((index,), _checked(document, item, (index,), model, references, problems))
        for index, item in enumerate(document.content)
    ]


def _checked(
    document: Document,
    content: Tree,
    path: Path,
    model: type[M],
    references: References,
    problems: Problems,
) -> M | None:
    try:
        return model.model_validate(content, context=references)
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            place = tuple(part for part in error["loc"] if part != "[key]")
            keys = ".".join(brief(part) for part in place if isinstance(part, str))
            text = f"{keys}: {_explained(error, model)}" if keys else _explained(error, model)
            problems.add(document.file, document.line((*path, *place)), text)
        return None


def _explained(error: ErrorDetails, model: type[BaseModel]) -> str:
    kind, given = error["type"], error["input"]
    if kind == "missing":
        return "is missing"
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if kind == "literal_error":
        return f"is {_kind(given)}; expected {error['ctx']['expected']}"
    if kind == "extra_forbidden":
        keys = _keys(model, error["loc"])
        return f"is not known here; {expected_one_of(str(error['loc'][-1]), keys)}"
    return f"is {_kind(given)}; expected {_NAMED[kind]}"


def _kind(value: object) -> str:
    if isinstance(value, str):
        return quoted(value) if value else "empty"
    return "a list" if isinstance(value, list) else "a mapping"


def _keys(model: type[BaseModel], place: tuple[int | str, ...]) -> list[str]:
    """The keys that the (nested) model at `place` has."""
    for part in place[:-1]:
        if isinstance(part, str):
            model = _nested(model.model_fields[part].annotation) or model
    return [field.alias or name for name, field in model.model_fields.items()]


def _nested(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _nested(arg))), None)
