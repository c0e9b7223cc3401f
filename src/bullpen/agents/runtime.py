"""What a run asks of whoever answers it: a script, a model behind an API, a process.

A runtime talks to its model and tells a recorder what happens, as it happens. It never touches
the database itself: a tool's effect and its record are one transaction, which is the recorder's.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, Protocol, TypeVar
from uuid import UUID

from asyncpg import Connection
from pydantic import BaseModel

from bullpen.members.actor import Actor

StopReason = Literal[
    "end_turn",
    "error",
    "max_steps",
    "max_tokens_exceeded",
    "cancelled",
    "no_tool_call",
    "invalid_tool_call",
]
Arguments = TypeVar("Arguments", bound=BaseModel)


class ToolProblem(Exception):
    """What the model did wrong, in words that it can act on. Nothing is stored of such a call.

    `withheld` is a channel that the words must not tell of, and what the trace says about it to
    those who may read that channel.
    """

    def __init__(self, problem: str, withheld: tuple[str, str] | None = None) -> None:
        super().__init__(problem)
        self.withheld = withheld


class Stop(Exception):
    """A limit or a cancellation: the runtime lets it through, and the run ends with its reason."""

    def __init__(self, reason: StopReason, problem: str | None = None) -> None:
        super().__init__(problem or reason)
        self.reason = reason
        self.problem = problem


class OverBudget(Stop):
    """Money or tokens are used up, which people are told once a day and not at every message."""

    def __init__(self, problem: str) -> None:
        super().__init__("max_tokens_exceeded", problem)


@dataclass(frozen=True, slots=True)
class ToolContext:
    """Whose call it is, and from where. `actor` is the agent itself: a tool reaches what it may."""

    actor: Actor
    run_id: UUID | None
    channel_id: str | None
    # The message that the thread began with, where the run answers in one.
    thread_id: UUID | None
    trigger_message_id: UUID | None
    # Of the run, the turn and the call's place in it. What a call makes gets its id from this, so
    # that a call that is made again after a crash makes nothing twice.
    key: UUID
    # When the step began, in the workspace's zone.
    now: datetime


@dataclass(frozen=True, slots=True)
class Tool(Generic[Arguments]):
    name: str
    description: str
    arguments: type[Arguments]
    # In the transaction that also records what it answers.
    call: Callable[[Connection, ToolContext, Arguments], Awaitable[str]]
    # Nothing is left to do after it: `do_nothing`.
    ends_turn: bool = False
    # Made twice, it would do twice what was wanted once: the second equal call is refused.
    has_effect: bool = True


@dataclass(frozen=True, slots=True)
class Usage:
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class CallResult:
    # For the model to read: what the tool answered, or what was wrong with the call.
    answer: str
    # The tool was called, whatever it answered. Otherwise the call could not be made: there is no
    # such tool, the arguments do not fit, or it was made before.
    was_made: bool
    # Why the run ends with this call, where it does.
    ends: StopReason | None = None


@dataclass(frozen=True, slots=True)
class Spec:
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


class Recorder(Protocol):
    """Each call is a committed transaction: a trace can be watched while it grows."""

    async def turn_started(
        self, model_id: str, request: Any, most_usd: float | None = None
    ) -> None:
        """With the exact request, as JSON has it. Raises Stop where a limit is reached.

        `most_usd` is what the call can cost, where that is known: so much is reserved for it.
        """

    async def said(self, text: str) -> None: ...

    async def call(
        self, tool_name: str, arguments: dict[str, Any] | str, call_id: str
    ) -> CallResult:
        """Makes the call, or refuses it. Counts calls that cannot be made; no runtime does."""

    async def turn_ended(
        self, usage: Usage, cost_usd: float | None, history: bytes | None
    ) -> None: ...

    async def turn_failed(self, problem: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Result:
    stop_reason: StopReason
    session_id: str | None = None
    # For the trace and for people: what went wrong, without keys and addresses.
    error: str | None = None
    # Money or tokens are used up, which people are told once a day.
    is_over_budget: bool = False


class Runtime(Protocol):
    async def run(self, spec: Spec, recorder: Recorder) -> Result: ...
