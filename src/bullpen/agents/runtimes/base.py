"""The interface between a run and what answers it: a script, a model behind an API, a process.

A runtime talks to its model and reports to a recorder what happens, as it happens. It never touches
the database itself: a tool's effect and its record are one transaction, which is the recorder's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from bullpen.agents.runtimes.pieces import Emit, emit_nothing
from bullpen.agents.tools.base import Tool
from bullpen.files.model_pictures import ModelPicture
from bullpen.runs.values import StopReason


class StopRun(Exception):
    """A limit or a cancellation: the runtime lets it through, and the run ends with its reason."""

    def __init__(self, reason: StopReason, problem: str | None = None) -> None:
        super().__init__(problem or reason)
        self.reason = reason
        self.problem = problem


class OverBudget(StopRun):
    """Money or tokens are used up, which is announced once a day and not at every message."""

    def __init__(self, problem: str) -> None:
        super().__init__("max_tokens_exceeded", problem)


@dataclass(frozen=True, slots=True)
class Usage:
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class CallResult:
    # For the model to read: what the tool answered, or what was wrong with the call.
    answer: str
    # The tool was called; it may have answered with an error. False: there is no such tool, the
    # arguments do not fit, or the call was made before.
    was_made: bool
    # Why the run ends with this call, where it does.
    ends: StopReason | None = None


@dataclass(frozen=True, slots=True)
class RunRequest:
    """One run, complete: a runtime needs nothing else."""

    run_id: UUID
    agent_id: str
    model_id: str
    instructions: str
    prompt: str
    tools: Sequence[Tool[Any]]
    max_turns: int
    max_budget_usd: float | None
    # What `turn_ended` was last given, where the run was interrupted and goes on.
    history: bytes | None
    # What the runtime keeps between the runs of one agent.
    session_id: str | None
    seed: int
    # What the script answers from; no other runtime reads it.
    script: Any = None
    # Hears what the model writes while it writes. Nothing that the run does depends on it.
    emit: Emit = emit_nothing
    # What the model sees beside the prompt, which calls them by their numbers.
    pictures: Sequence[ModelPicture] = ()


class Recorder(Protocol):
    """Each call is a committed transaction: a trace can be watched while it grows."""

    async def turn_started(
        self, model_id: str, request: Any, most_usd: float | None = None
    ) -> None:
        """With the exact request, as JSON has it. Raises Stop where a limit is reached.

        `most_usd` is what the call can cost, where that is known: so much is reserved for it.
        """

    async def said(self, text: str) -> None: ...

    async def thought(self, text: str) -> None:
        """A part of a model's thinking. Not called where thinking is not to be stored."""

    async def call(
        self, tool_name: str, arguments: dict[str, Any] | str, call_id: str
    ) -> CallResult:
        """Makes the call, or refuses it. Counts calls that cannot be made; no runtime does."""

    async def turn_ended(
        self, usage: Usage, cost_usd: float | None, history: bytes | None
    ) -> None: ...

    async def turn_failed(self, problem: str) -> None: ...


@dataclass(frozen=True, slots=True)
class RunResult:
    stop_reason: StopReason
    session_id: str | None = None
    # For the trace and for people: what went wrong, without keys and addresses.
    error: str | None = None
    # Money or tokens are used up, which is announced once a day.
    is_over_budget: bool = False


class Runtime(Protocol):
    async def run(self, run_request: RunRequest, recorder: Recorder) -> RunResult: ...
