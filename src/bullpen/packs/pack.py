"""A workspace as its pack describes it: checked, complete, and not yet tied to any date."""

from dataclasses import dataclass
from datetime import time
from typing import Literal
from uuid import UUID, uuid5

Presence = Literal["active", "away", "offline"]
ChannelKind = Literal["public", "private", "dm"]

# Fixed for good: every message ever seeded from a pack is recognised by an id made with it.
_MESSAGES = UUID("b6a1f0de-52c7-4f2e-9d0b-7c7a6d1f3b58")


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
class PackReaction:
    emoji: str
    user_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackMessage:
    """`key` says which message this is, whatever becomes of its text: where, when, by whom."""

    key: str
    day: int
    at: time
    user_id: str
    text: str
    reactions: tuple[PackReaction, ...]
    replies: tuple["PackMessage", ...]


@dataclass(frozen=True, slots=True)
class PackChannel:
    id: str
    name: str
    kind: ChannelKind
    topic: str
    member_ids: tuple[str, ...]
    messages: tuple[PackMessage, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    id: str
    name: str
    description: str
    default_user: str
    agents: tuple[PackAgent, ...]
    channels: tuple[PackChannel, ...]
    unreads: dict[str, dict[str, int]]


def message_id(pack_id: str, key: str) -> UUID:
    return uuid5(_MESSAGES, f"{pack_id}/{key}")
