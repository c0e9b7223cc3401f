"""A message of Anthropic's that arrives in pieces, joined into the one that it would have been."""

from typing import Any

from bullpen.agents.runtimes.pieces import CallPart, Emit, Thought, emit_nothing
from bullpen.agents.runtimes.reading import fields, words

# What a delta adds to, by its kind.
ADDED = {"text_delta": "text", "thinking_delta": "thinking", "signature_delta": "signature"}


class Message:
    def __init__(self, emit: Emit = emit_nothing) -> None:
        self.is_whole = False
        self._emit = emit
        self._whole: dict[str, Any] = {}
        self._blocks: dict[Any, dict[str, Any]] = {}
        self._inputs: dict[Any, str] = {}

    def take(self, data: dict[str, Any]) -> None:
        match data.get("type"):
            case "message_start":
                self._whole |= fields(data.get("message"))
            case "content_block_start":
                self._begin(data.get("index"), fields(data.get("content_block")))
            case "content_block_delta":
                self._add(data.get("index"), fields(data.get("delta")))
            case "message_delta":
                self._end(fields(data.get("delta")), fields(data.get("usage")))
            case "message_stop":
                self.is_whole = True

    def _begin(self, index: Any, block: dict[str, Any]) -> None:
        self._blocks[index] = dict(block)
        if block.get("type") == "tool_use":
            self._inputs[index] = ""
            self._emit(CallPart(self._place(index), words(block.get("name")), ""))
        elif block.get("type") == "thinking" and (thought := words(block.get("thinking"))):
            self._emit(Thought(thought))

    def _add(self, index: Any, delta: dict[str, Any]) -> None:
        kind = delta.get("type")
        if kind == "input_json_delta":
            more = words(delta.get("partial_json"))
            block = self._blocks.setdefault(index, {"type": "tool_use", "input": {}})
            self._inputs[index] = self._inputs.get(index, "") + more
            self._emit(CallPart(self._place(index), words(block.get("name")), more))
        elif kind in ADDED:
            name = ADDED[kind]
            more = words(delta.get(name))
            block = self._blocks.setdefault(
                index, {"type": "text" if name == "text" else "thinking"}
            )
            block[name] = words(block.get(name)) + more
            if name == "thinking" and more:
                self._emit(Thought(more))

    def _place(self, index: Any) -> int:
        return list(self._inputs).index(index)

    def _end(self, delta: dict[str, Any], usage: dict[str, Any]) -> None:
        self.is_whole |= delta.get("stop_reason") is not None
        self._whole |= {name: value for name, value in delta.items() if value is not None}
        # Input tokens are reported at the beginning, output tokens at the end.
        known = fields(self._whole.get("usage"))
        self._whole["usage"] = known | {n: value for n, value in usage.items() if value is not None}

    def whole(self) -> dict[str, Any]:
        blocks = [
            block | {"input": self._inputs[index]} if self._inputs.get(index) else block
            for index, block in self._blocks.items()
        ]
        return self._whole | {"content": blocks}
