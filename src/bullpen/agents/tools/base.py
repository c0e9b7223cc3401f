"""What a tool is: its name and arguments for the model, and what a call of it does."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from asyncpg import Connection
from pydantic import BaseModel

from bullpen.kit.database import Database
from bullpen.members.actor import Actor

Arguments = TypeVar("Arguments", bound=BaseModel)


class ToolProblem(Exception):
    """What the model did wrong, in words that it can act on. Nothing is stored of such a call.

    `withheld` is a channel that the words must not tell of, and what the trace says about it to
    those who may read that channel.
    """

    def __init__(self, problem: str, withheld: tuple[str, str] | None = None) -> None:
        super().__init__(problem)
        self.withheld = withheld


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
    # What takes long, before that transaction. Made again, it changes nothing.
    prepare: Callable[[Database, ToolContext, Arguments], Awaitable[None]] | None = None
