"""A chat completion that arrives in pieces, joined into the one that it would have been at once."""

from typing import Any

from bullpen.agents.runtimes.pieces import CallPart, Emit, Thought, emit_nothing
from bullpen.agents.runtimes.reading import fields, items, text_of, words
from bullpen.agents.runtimes.reading_openai import written

SAID = ("reasoning_content", "reasoning", "refusal")
THOUGHTS = ("reasoning_content", "reasoning")


class Completion:
    def __init__(self, emit: Emit = emit_nothing) -> None:
        self._emit = emit
        self._whole: dict[str, Any] = {}
        self._message: dict[str, Any] = {"content": "", "tool_calls": []}
        self._calls: list[dict[str, Any]] = []
        # Where the pieces of each call go, by what the server calls it.
        self._places: dict[Any, int] = {}
        self._finish: Any = None

    @property
    def is_whole(self) -> bool:
        return self._finish is not None

    def take(self, data: dict[str, Any]) -> None:
        self._whole |= {name: value for name, value in data.items() if value is not None}
        for choice in items(data.get("choices"))[:1]:
            taken = fields(choice)
            delta = fields(taken.get("delta")) or fields(taken.get("message"))
            self._message["content"] += text_of(delta.get("content"))
            for name in SAID:
                if said := words(delta.get(name)):
                    self._message[name] = self._message.get(name, "") + said
            if thought := next((t for name in THOUGHTS if (t := words(delta.get(name)))), ""):
                self._emit(Thought(thought))
            calls = items(delta.get("tool_calls"))
            if not calls and isinstance(delta.get("function_call"), dict):
                calls = [{"index": 0, "function": delta["function_call"]}]
            for place, call in enumerate(calls):
                self._add(fields(call), place)
            self._finish = taken.get("finish_reason") or self._finish

    def _add(self, call: dict[str, Any], place: int) -> None:
        index = call.get("index")
        key = index if isinstance(index, int) else place
        call_id = words(call.get("id"))
        known = self._places.get(key)
        if known is None or (call_id and self._calls[known]["id"] not in (None, call_id)):
            # Some servers give all calls of an answer the same index.
            self._places[key] = len(self._calls)
            self._calls.append({"id": None, "function": {"name": "", "arguments": ""}})
        place = self._places[key]
        made = self._calls[place]
        made["id"] = made["id"] or call_id or None
        function, made_function = fields(call.get("function")), made["function"]
        if (name := words(function.get("name"))) != made_function["name"]:
            # Some servers repeat the name with every piece.
            made_function["name"] += name
        if isinstance(call.get("extra_content"), dict):
            made["extra_content"] = call["extra_content"]
        arguments = function.get("arguments")
        more = "" if arguments in (None, "") else written(arguments)
        made_function["arguments"] += more
        self._emit(CallPart(place, made_function["name"], more))

    def whole(self) -> dict[str, Any]:
        message = self._message | {"tool_calls": self._calls}
        return self._whole | {"choices": [{"message": message, "finish_reason": self._finish}]}
