"""Who must answer a message: decided from facts that one statement reads, before the log lock.

Nothing here reads or writes. The database checks again only what may have changed meanwhile.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol
from uuid import UUID

import msgspec
from msgspec import Raw, Struct

from bullpen.chat.mentions import Names, Person, mentioned_in
from bullpen.chat.prose import has_sign
from bullpen.runs.mailbox import OF_A_PERSON, TALK

# How far what a person said is carried from agent to agent, and how often agents speak in one
# conversation before a person has to: whatever they say to each other, it ends.
DEEPEST = 3
AMONG_THEMSELVES = 40

FACTS = "SELECT routing_facts($1::text[], $2::uuid[], $3, $4, $5)"


class Channel(Struct):
    """`members`: the active agents among them, since people are never asked. `policies`: of agents
    that do not answer everything."""

    kind: str
    members: list[str]
    policies: dict[str, str]


class Run(Struct):
    """The run that posts. `of_runs`: how many of the conversation's newest messages runs wrote.

    Of a program that posts for its agent: the run that it goes on from, if there is one, and how
    many of the channel's newest messages, threads included, runs and programs wrote.
    """

    depth: int
    started_by: str | None
    of_runs: int
    id: UUID | None = None


class Facts(Struct):
    """`people`: everybody's id, name and whether they are active, where a text may name them."""

    channels: dict[str, Channel]
    threads: dict[UUID, list[str]]
    run: Run | None
    people: Raw


class Posted(Protocol):
    @property
    def id(self) -> UUID: ...
    @property
    def channel_id(self) -> str: ...
    @property
    def parent_message_id(self) -> UUID | None: ...
    @property
    def user_id(self) -> str: ...
    @property
    def text(self) -> str: ...


class Ask(NamedTuple):
    message_id: UUID
    agent_id: str
    priority: int


def questions(
    messages: Sequence[Posted], run_id: UUID | None = None, program: str | None = None
) -> tuple[list[str], list[UUID], bool, UUID | None, str | None]:
    """The arguments of `FACTS`. `run_id`: the run that posts; `program`: the agent whose program
    posts, by the same route as people."""
    channels = {message.channel_id for message in messages}
    threads = {m.parent_message_id for m in messages if m.parent_message_id is not None}
    wants_people = any(has_sign(m.text) for m in messages)
    return sorted(channels), sorted(threads), wants_people, run_id, program


def route(messages: Sequence[Posted], facts: str | bytes) -> list[Ask]:
    """`facts`: what `FACTS` answered."""
    known = facts_of(facts)
    names = names_of(bytes(known.people))
    return [
        Ask(message.id, agent_id, priority)
        for message in messages
        for agent_id, priority in asked_by(
            message, known, mentioned_in(message.text, names)
        ).items()
    ]


def facts_of(facts: str | bytes) -> Facts:
    return msgspec.json.decode(facts, type=Facts)


@lru_cache(maxsize=16)
def names_of(people: bytes) -> Names:
    return Names(Person(*one) for one in msgspec.json.decode(people))


def asked_by(message: Posted, facts: Facts, named: Collection[str]) -> Mapping[str, int]:
    """The agents that must answer, each with its place in the mailbox."""
    channel = facts.channels.get(message.channel_id)
    if channel is None or has_ended(facts.run):
        return {}
    started_by = message.user_id if facts.run is None else facts.run.started_by
    everyone = message.parent_message_id is None or channel.kind == "dm"
    authors = facts.threads.get(message.parent_message_id or message.id, ())
    priority = OF_A_PERSON if channel.kind == "dm" and facts.run is None else TALK
    # Nobody is asked who could not answer: only members write in a channel.
    return {
        agent_id: priority
        for agent_id in channel.members
        if agent_id not in (message.user_id, started_by)
        and (agent_id in named or everyone or agent_id in authors)
        and answers(channel.policies.get(agent_id, "all"), named=agent_id in named)
    }


def has_ended(run: Run | None) -> bool:
    """Whether talk among agents has gone on for long enough."""
    return run is not None and (run.depth >= DEEPEST or run.of_runs + 1 >= AMONG_THEMSELVES)


def answers(policy: str, *, named: bool) -> bool:
    return policy == "all" or (policy == "mentions" and named)
