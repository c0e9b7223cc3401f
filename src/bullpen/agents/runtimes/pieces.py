"""What a model writes, piece by piece, while its answer is still under way.

The pieces are for showing alone: what a run does follows from the whole answer, which is read as if
it had come at once.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Begun:
    """A request to the model begins. What an earlier one wrote is no part of the answer."""


@dataclass(frozen=True, slots=True)
class Thought:
    text: str


@dataclass(frozen=True, slots=True)
class CallPart:
    """Of a tool call: its place among the calls of the answer, and more of its arguments' JSON."""

    place: int
    tool_name: str
    arguments: str


Piece = Begun | Thought | CallPart
Emit = Callable[[Piece], None]


def emit_nothing(_: Piece) -> None:
    """For a run that nobody watches."""


def without_thoughts(emit: Emit) -> Emit:
    """Where thinking is not shown, it does not leave the process that asks the model."""

    def emit_others(piece: Piece) -> None:
        if not isinstance(piece, Thought):
            emit(piece)

    return emit_others


# Of the run that asks: the SDK between it and the HTTP client knows nothing of pieces.
EMIT: ContextVar[Emit] = ContextVar("EMIT", default=emit_nothing)
