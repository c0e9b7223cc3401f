"""Calls that a model wrote as text, where its server did not recognize them as such.

Small models on one's own machine often do so. Only text that is a call from beginning to end
counts, of a tool that was offered: a text about tools calls none.
"""

import json
import re
from collections.abc import Collection
from contextlib import suppress
from typing import Any

from bullpen.agents.runtimes.reading import fields, items, new_call_id

# As Hermes and Qwen write it, and many models after them.
TAGGED = re.compile(r"<tool_call>\s*(.*?)\s*(?:</tool_call>|\Z)", re.DOTALL)
FENCED = re.compile(r"```(?:json|tool_call)?\s*(.*?)\s*```", re.DOTALL)
THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)


def calls_in(text: str, offered: Collection[str]) -> list[dict[str, Any]]:
    """The calls that the text consists of; none where it holds anything else."""
    bare = THOUGHT.sub("", text).strip()
    pieces = TAGGED.findall(bare) or FENCED.findall(bare) or [bare]
    rest = FENCED.sub("", TAGGED.sub("", bare)).strip()
    if rest and pieces != [bare]:
        return []
    made = []
    for piece in pieces:
        found: Any = None
        with suppress(ValueError, RecursionError):
            found = json.loads(piece, strict=False)
        for one in items(found):
            call = read_call(fields(one), offered)
            if call is None:
                return []
            made.append(call)
    return made


def read_call(found: dict[str, Any], offered: Collection[str]) -> dict[str, Any] | None:
    function = fields(found.get("function")) or found
    arguments = function.get("arguments", function.get("parameters"))
    if function.get("name") not in offered or not isinstance(arguments, dict):
        return None
    return {
        "id": new_call_id(),
        "type": "function",
        "function": {"name": function["name"], "arguments": json.dumps(arguments)},
    }
