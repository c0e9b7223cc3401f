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
Tell = Callable[[Piece], None]


def tell_nobody(_: Piece) -> None:
    """For a run that nobody watches."""


def without_thoughts(tell: Tell) -> Tell:
    """Where thinking is not shown, it does not leave the process that asks the model."""

    def tell_others(piece: Piece) -> None:
        if not isinstance(piece, Thought):
            tell(piece)

    return tell_others


# Of the run that asks: the SDK between it and the HTTP client knows nothing of pieces.
TELL: ContextVar[Tell] = ContextVar("TELL", default=tell_nobody)
