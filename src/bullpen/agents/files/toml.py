"""Writes the little TOML that an agent's folder has: plain values and tables."""

import json
from collections.abc import Mapping, Sequence

Value = str | int | float | bool


def written(
    tables: Mapping[str, Sequence[Mapping[str, Value | None]] | Mapping[str, Value | None]],
) -> str:
    """A table for each mapping, an array of tables for each sequence. What is None is left out."""
    parts = []
    for name, content in tables.items():
        if isinstance(content, Mapping):
            parts.append(f"[{name}]\n{lines(content)}")
        else:
            parts.extend(f"[[{name}]]\n{lines(each)}" for each in content)
    return "\n".join(parts)


def lines(values: Mapping[str, Value | None]) -> str:
    return "".join(
        f"{key} = {shown(value)}\n" for key, value in values.items() if value is not None
    )


def shown(value: Value) -> str:
    if isinstance(value, str):
        # As JSON has it, but for this one sign.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)
