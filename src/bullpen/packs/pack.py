"""A workspace as its pack describes it: checked, complete, and not yet tied to any date."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any, Literal
from uuid import UUID, uuid5

from bullpen.agents.scripted.lines import Lines
from bullpen.members.actor import Role
from bullpen.members.kinds import Kind
from bullpen.members.policy_names import PolicyName
from bullpen.runs.values import MessageType, StepEnd, StopReason

Presence = Literal["active", "away", "offline"]
ScheduledStatus = Literal["pending", "fired", "cancelled"]

# Fixed for good: every row ever seeded from a pack is recognised by an id made with one of them.
_MESSAGES = UUID("b6a1f0de-52c7-4f2e-9d0b-7c7a6d1f3b58")
_ROWS = UUID("5f0c9e1a-8d34-4b7b-a6a2-0e9d51c3f7d4")


@dataclass(frozen=True, slots=True)
class PackAgent:
    id: str
    display_name: str
    title: str
    avatar_color: str
    presence: Presence
    status_emoji: str | None
    status_text: str | None
    system_prompt: str
    model_id: str
    max_turns: int
    max_budget_usd: float


@dataclass(frozen=True, slots=True)
class PackPerson:
    id: str
    display_name: str
    title: str
    avatar_color: str
    role: Role
    email: str | None
    time_zone: str | None
    presence: Presence
    status_emoji: str | None
    status_text: str | None


@dataclass(frozen=True, slots=True)
class PackUserGroup:
    handle: str
    description: str
    member_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackReaction:
    emoji: str
    user_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackMessage:
    """`key` says which message this is, even if its text changes: where, when, by whom."""

    key: str
    day: int
    at: time
    user_id: str
    text: str
    reactions: tuple[PackReaction, ...]
    replies: tuple["PackMessage", ...]
    also_in_channel: bool = False


@dataclass(frozen=True, slots=True)
class PackChannel:
    id: str
    name: str
    kind: Kind
    topic: str
    member_ids: tuple[str, ...]
    messages: tuple[PackMessage, ...]
    policy: PolicyName = "all"
    host_id: str | None = None

    def is_read_by(self, user_id: str) -> bool:
        return self.kind == "public" or user_id in self.member_ids

    def with_replies(self) -> Iterator[PackMessage]:
        for message in self.messages:
            yield message
            yield from message.replies


@dataclass(frozen=True, slots=True)
class PackBlock:
    agent_id: str
    label: str
    text: str
    # None where it is not shared at all.
    shared_with: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class PackPassage:
    agent_id: str
    day: int
    at: time
    text: str
    tags: tuple[str, ...]

    @property
    def key(self) -> str:
        return _at(self.agent_id, self.day, self.at)


@dataclass(frozen=True, slots=True)
class PackScheduled:
    agent_id: str
    day: int
    at: time
    prompt: str
    channel_id: str | None
    status: ScheduledStatus
    created: tuple[int, time]

    @property
    def key(self) -> str:
        return _at(self.agent_id, self.day, self.at)


@dataclass(frozen=True, slots=True)
class PackRunMessage:
    type: MessageType
    text: str
    tool_name: str | None
    tool_input: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class PackStep:
    status: StepEnd
    lasted: timedelta
    model_id: str
    tokens: tuple[int, int] | None
    messages: tuple[PackRunMessage, ...]


@dataclass(frozen=True, slots=True)
class PackRun:
    """`trigger` is the key of a message; `waited`, how long the run was in the mailbox."""

    agent_id: str
    day: int
    at: time
    waited: timedelta
    channel_id: str | None
    trigger: str | None
    stop_reason: StopReason
    messages: tuple[PackRunMessage, ...]
    steps: tuple[PackStep, ...]

    @property
    def key(self) -> str:
        return _at(self.agent_id, self.day, self.at)


@dataclass(frozen=True, slots=True)
class Pack:
    id: str
    name: str
    description: str
    default_user: str
    agents: tuple[PackAgent, ...]
    channels: tuple[PackChannel, ...]
    unreads: dict[str, dict[str, int]]
    blocks: tuple[PackBlock, ...]
    passages: tuple[PackPassage, ...]
    scheduled: tuple[PackScheduled, ...]
    runs: tuple[PackRun, ...]
    # What agents say while they have no model, by agent.
    lines: dict[str, Lines]
    people: tuple[PackPerson, ...] = ()
    user_groups: tuple[PackUserGroup, ...] = ()


def message_id(pack_id: str, key: str) -> UUID:
    return uuid5(_MESSAGES, f"{pack_id}/{key}")


def row_id(pack_id: str, table: str, key: str) -> UUID:
    """Of the tables below agents and channels; messages have ids of their own making."""
    return uuid5(_ROWS, f"{pack_id}/{table}/{key}")


def _at(agent_id: str, day: int, at: time) -> str:
    """Unique: an agent's list has at most one entry in a second."""
    return f"{agent_id}/{day}/{at.isoformat()}"
