"""A run that changes nothing: its tool calls are noted and not made, and nothing is stored.

For trying a model, and an agent before it joins.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from msgspec import Meta, Raw, Struct

from bullpen.agents.limits import BROKEN_CALLS
from bullpen.agents.runtimes.base import CallResult, OverBudget, StopRun, Usage
from bullpen.agents.tools.base import Tool
from bullpen.agents.tools.validation import stored_text, validate_call
from bullpen.runs.values import StopReason

# What a call is answered with: the model goes on as if it had been made.
ANSWERS = {
    "send_message": "Sent.",
    "search_memory": "Nothing was found.",
    "search_messages": "Nothing was found.",
    "read_file": "This file cannot be read in a preview.",
}
DONE = "Done."


class SandboxCall(Struct, rename="camel"):
    """A tool call that was noted and not made."""

    tool_name: Annotated[str, Meta(description="Name of the tool.")]
    arguments: Annotated[Raw, Meta(description="The arguments, an object.")]
    problem: Annotated[
        str | None, Meta(description="Why the call could not have been made; null if it could.")
    ]


class SandboxRecorder:
    """`most_usd`: what the whole run may cost."""

    def __init__(self, tools: Sequence[Tool[Any]], most_usd: float) -> None:
        self._tools: Mapping[str, Tool[Any]] = {tool.name: tool for tool in tools}
        self._most_usd = most_usd
        self._broken = 0
        self.said_texts: list[str] = []
        self.calls: list[SandboxCall] = []
        self.model_id = ""
        self.usage = Usage()
        self.cost_usd = 0.0
        self.turns = 0

    async def turn_started(
        self, model_id: str, request: Any, most_usd: float | None = None
    ) -> None:
        if self.turns and self.cost_usd + (most_usd or 0.0) > self._most_usd:
            raise OverBudget(f"the preview may cost ${self._most_usd:.2f} and no more")
        self.model_id = model_id
        self.turns += 1
        del request

    async def said(self, text: str) -> None:
        self.said_texts.append(stored_text(text))

    async def thought(self, text: str) -> None:
        """A preview shows the answer alone."""

    async def call(
        self, tool_name: str, arguments: dict[str, Any] | str, call_id: str
    ) -> CallResult:
        del call_id
        call = validate_call(self._tools, tool_name, arguments)
        given = Raw((call.stored or "{}").encode())
        self.calls.append(SandboxCall(stored_text(tool_name[:80]), given, call.problem))
        if call.problem is not None:
            self._broken += 1
            if self._broken >= BROKEN_CALLS:
                return CallResult(call.problem, was_made=False, ends="invalid_tool_call")
            return CallResult(call.problem, was_made=False)
        assert call.tool is not None
        ends: StopReason | None = "end_turn" if call.tool.ends_turn else None
        return CallResult(ANSWERS.get(tool_name, DONE), was_made=True, ends=ends)

    async def turn_ended(self, usage: Usage, cost_usd: float | None, history: bytes | None) -> None:
        del history
        self.usage = Usage(
            self.usage.input_tokens + usage.input_tokens,
            self.usage.output_tokens + usage.output_tokens,
        )
        self.cost_usd += cost_usd or 0.0

    async def turn_failed(self, problem: str) -> None:
        """The run's result has the problem."""


def stopped(stop: StopRun) -> str:
    return stop.problem or stop.reason
