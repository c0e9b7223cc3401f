"""Tool calls that could not be made: after several in a row a run ends."""

from dataclasses import dataclass

from bullpen.agents.limits import BROKEN_CALLS
from bullpen.agents.runtimes.base import CallResult
from bullpen.agents.tools.validation import Call


@dataclass
class BrokenCalls:
    """Counts those in a row, of a run or a trial. Nothing else counts them."""

    in_a_row: int = 0

    def result(self, call: Call, answer: str, problem: str | None) -> CallResult:
        """`problem`: why the call was not made; None where it was."""
        if problem is None:
            self.in_a_row = 0
            is_last = call.tool is not None and call.tool.ends_turn
            return CallResult(answer, was_made=True, ends="end_turn" if is_last else None)
        self.in_a_row += 1
        is_over = self.in_a_row >= BROKEN_CALLS
        return CallResult(answer, was_made=False, ends="invalid_tool_call" if is_over else None)
