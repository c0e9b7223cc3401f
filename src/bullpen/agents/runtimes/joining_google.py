"""An answer of Google's that arrives in pieces, joined into the one that it would have been.

Its tool calls arrive whole; texts and thoughts arrive in pieces.
"""

import json
from typing import Any

from bullpen.agents.runtimes.pieces import CallPart, Emit, Thought, emit_nothing
from bullpen.agents.runtimes.reading import fields, items, words


class Generated:
    def __init__(self, emit: Emit = emit_nothing) -> None:
        self.is_whole = False
        self._emit = emit
        self._whole: dict[str, Any] = {}
        self._candidate: dict[str, Any] = {}
        self._parts: list[dict[str, Any]] = []
        self._calls = 0

    def take(self, data: dict[str, Any]) -> None:
        self._whole |= {name: value for name, value in data.items() if value is not None}
        # A prompt that is refused has a reason and no candidates.
        self.is_whole |= bool(fields(data.get("promptFeedback")).get("blockReason"))
        for candidate in items(data.get("candidates"))[:1]:
            found = fields(candidate)
            self._candidate |= {n: value for n, value in found.items() if value is not None}
            self.is_whole |= bool(found.get("finishReason"))
            for part in items(fields(found.get("content")).get("parts")):
                self._add(fields(part))

    def _add(self, part: dict[str, Any]) -> None:
        call = fields(part.get("functionCall"))
        if call:
            written = json.dumps(call.get("args") or {})
            self._emit(CallPart(self._calls, words(call.get("name")), written))
            self._calls += 1
        elif part.get("thought") and (thought := words(part.get("text"))):
            self._emit(Thought(thought))
        before = self._parts[-1] if self._parts else {}
        if (
            is_text(part)
            and is_text(before)
            and bool(part.get("thought")) == bool(before.get("thought"))
        ):
            # The signature comes with the last piece of what it signs.
            self._parts[-1] = before | part | {"text": before["text"] + part["text"]}
        else:
            self._parts.append(part)

    def whole(self) -> dict[str, Any]:
        if not self._candidate:
            return self._whole
        content = fields(self._candidate.get("content"))
        content = {"role": "model"} | content | {"parts": self._parts}
        return self._whole | {"candidates": [self._candidate | {"content": content}]}


def is_text(part: dict[str, Any]) -> bool:
    """With text and nothing that must stay a part of its own."""
    return isinstance(part.get("text"), str) and part.keys() <= {
        "text",
        "thought",
        "thoughtSignature",
    }
