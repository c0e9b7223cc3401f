"""Who must answer a message: decided from facts that one statement reads, before the log lock.

Nothing here reads or writes. The database checks again only what may have changed meanwhile.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple, Protocol
from uuid import UUID

import msgspec
from msgspec import Raw, Struct

from bullpen.chat.agent_words import AgentWords, Judged, fits
from bullpen.chat.best_fit import choose
from bullpen.chat.mentions import GROUPS, Names, Person, UserGroup, mentioned_in
from bullpen.chat.prose import has_sign
from bullpen.members.actor import Actor, Role
from bullpen.members.permissions import MEMBER, Permission, may
from bullpen.members.policy_names import PolicyName
from bullpen.runs.decisions import Decision, Reason
from bullpen.runs.mailbox import OF_A_PERSON, TALK

# How far what a person said is carried from agent to agent, and how often agents speak in one
# conversation before a person has to: whatever they say to each other, it ends.
DEEPEST = 3
AMONG_THEMSELVES = 40

# Everybody's name and role, and the user groups, as the facts have them.
PEOPLE = """
SELECT COALESCE(json_agg(
    json_build_array(u.id, u.display_name, u.is_active, p.role) ORDER BY u.id
), '[]')::text, user_group_names()::text
FROM users u LEFT JOIN people p ON p.id = u.id
"""
FACTS = """
SELECT routing_facts($1::text[], $2::uuid[], $3, $4, $5, $6::uuid[], $7::text[], $8::text[])
"""


class Channel(Struct, dict=True):
    """`members`: the active agents among them in the order of joining, since people are never
    asked. `policies`: of agents for which another one holds than the channel's `policy`."""

    kind: str
    members: list[str]
    policies: dict[str, PolicyName]
    policy: PolicyName = "all"
    host: str | None = None

    def policy_of(self, agent_id: str) -> PolicyName:
        """A direct message has no policy of its own, and asks the other member."""
        own = self.policies.get(agent_id, "all" if self.kind == "dm" else self.policy)
        return "all" if self.kind == "dm" and own == "best_fit" else own

    @cached_property
    def replying(self) -> list[str]:
        """Those whose policy is `all`."""
        return [one for one in self.members if self.policy_of(one) == "all"]

    @cached_property
    def fitting(self) -> list[str]:
        """Those whose policy is `best_fit`."""
        return [one for one in self.members if self.policy_of(one) == "best_fit"]


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
    """`threads`: the author of the first message, then who replied, the last one first. `people`:
    everybody's id, name, whether they are active and their role, where a text may name them.
    `groups`: then also each user group's id with an `@` before it, its handle and its agents.
    `judged`: what the scores of agents are made from, where a policy asks for them. `fits`: the
    best agents for a message with their scores (`add_fits`)."""

    channels: dict[str, Channel]
    threads: dict[UUID, list[str]]
    run: Run | None
    people: Raw
    fits: dict[UUID, list[tuple[str, float]]] = {}
    judged: Judged | None = None
    groups: Raw = Raw(b"[]")


# Whom each of some messages names: users and groups.
Named = Mapping[UUID, Collection[str]]


class Mentioned(NamedTuple):
    """`user_id`: of a user, or a group, which stands for those who are in it at the writing."""

    message_id: UUID
    user_id: str


class Everybody(NamedTuple):
    """`roles`: by the user's id; None for agents. `agents`: of each user group."""

    names: Names
    roles: Mapping[str, Role | None]
    agents: Mapping[str, Sequence[str]]


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
    # As JSON, for the trace, where there was something to decide.
    decision: str | None = None


def questions(
    messages: Sequence[Posted], run_id: UUID | None = None, program: str | None = None
) -> tuple[list[str], list[UUID], bool, UUID | None, str | None, list[UUID], list[str], list[str]]:
    """The arguments of `FACTS`. `run_id`: the run that posts; `program`: the agent whose program
    posts, by the same route as people."""
    channels = {message.channel_id for message in messages}
    threads = {m.parent_message_id for m in messages if m.parent_message_id is not None}
    wants_people = any(has_sign(m.text) for m in messages)
    # What an agent writes is answered by those it mentions, however well it fits others.
    judged = messages if run_id is None and program is None else ()
    return (
        sorted(channels),
        sorted(threads),
        wants_people,
        run_id,
        program,
        [message.id for message in judged],
        [message.channel_id for message in judged],
        [message.text for message in judged],
    )


class Routed(NamedTuple):
    asks: list[Ask]
    mentions: list[Mentioned]


def route(messages: Sequence[Posted], facts: Facts) -> Routed:
    """Whom messages ask, and whom they mention."""
    everybody = everybody_of(bytes(facts.people), bytes(facts.groups))
    named = named_in(messages, everybody)
    agents = everybody.agents if facts.run is None else {}
    asks = [
        Ask(message.id, agent_id, ask.priority, kept(ask.decision))
        for message in messages
        for agent_id, ask in decide(message, facts, asked_among(named[message.id], agents)).items()
    ]
    return Routed(asks, mentions_of(messages, named, everybody))


def named_in(messages: Sequence[Posted], everybody: Everybody) -> Named:
    return {message.id: mentioned_in(message.text, everybody.names) for message in messages}


def asked_among(named: Collection[str], agents: Mapping[str, Sequence[str]]) -> list[str]:
    """Those whom a message is meant for. `agents`: of each user group that asks its agents.

    `@channel` notifies and never asks: it must not make every agent answer. A user group asks its
    agents, but only where a person mentions it: agents ask each other one by one, so that no
    answer of one makes many.
    """
    meant = [one for one in named if one not in GROUPS]
    return [*meant, *(agent_id for one in meant for agent_id in agents.get(one, ()))]


def mentions_of(messages: Sequence[Posted], named: Named, everybody: Everybody) -> list[Mentioned]:
    """Whom each message mentions, apart from its author."""
    return [
        Mentioned(message.id, user_id)
        for message in messages
        for user_id in named[message.id]
        if user_id != message.user_id
        and (user_id not in GROUPS or may_notify_all(message, everybody))
    ]


def may_notify_all(message: Posted, everybody: Everybody) -> bool:
    """Replies are for those who follow the thread."""
    author = Actor(message.user_id, everybody.roles.get(message.user_id))
    return message.parent_message_id is None and may(author, Permission.NOTIFY_CHANNEL, MEMBER)


def add_fits(messages: Sequence[Posted], facts: Facts, words: AgentWords) -> None:
    """`words` are as current as `facts`."""
    if facts.judged is None:
        return
    for message in messages:
        channel = facts.channels.get(message.channel_id)
        if channel is not None and channel.fitting:
            candidates = set(channel.fitting)
            facts.fits[message.id] = fits(
                words, facts.judged, message.id, message.channel_id, candidates
            )


def facts_of(facts: str | bytes) -> Facts:
    """`facts`: what `FACTS` answered."""
    return msgspec.json.decode(facts, type=Facts)


def kept(decision: Decision) -> str | None:
    """As JSON; nothing is kept where everybody is asked."""
    if decision.reason in ("everyone", "direct_message"):
        return None
    return msgspec.json.encode(decision).decode()


@lru_cache(maxsize=16)
def everybody_of(people: bytes, groups: bytes) -> Everybody:
    """Both as `Facts` and `PEOPLE` have them."""
    rows, of_groups = msgspec.json.decode(people), msgspec.json.decode(groups)
    names = Names((Person(*row[:3]) for row in rows), (UserGroup(*row[:2]) for row in of_groups))
    agents = {group_id: agent_ids for group_id, _, agent_ids in of_groups}
    return Everybody(names, {row[0]: row[3] for row in rows}, agents)


class Decided(NamedTuple):
    priority: int
    decision: Decision


def decide(message: Posted, facts: Facts, named: Collection[str]) -> Mapping[str, Decided]:
    """The agents that must answer, each with its place in the mailbox and the reason."""
    channel = facts.channels.get(message.channel_id)
    if channel is None or has_ended(facts.run):
        return {}
    started_by = message.user_id if facts.run is None else facts.run.started_by
    others = {message.user_id, started_by}
    asked: dict[str, Decision] = {}
    # Nobody is asked who could not answer: only members write in a channel. Without a mention,
    # what a person writes is answered by those who answer everything, and by the one that fits.
    by_rule = channel.replying if facts.run is None and not named else channel.members
    for agent_id in by_rule:
        reason = reason_of(message, facts, channel, agent_id, named)
        if reason is not None and agent_id not in others:
            asked[agent_id] = Decision(channel.policy_of(agent_id), reason)
    if facts.run is None and not any(one != message.user_id for one in named):
        fitting = [one for one in channel.fitting if one not in others]
        authors = None
        if message.parent_message_id is not None:
            authors = facts.threads.get(message.parent_message_id, [])
        chosen = choose(fitting, dict(facts.fits.get(message.id, ())), authors, channel.host)
        if chosen is not None:
            asked[chosen[0]] = chosen[1]
    priority = OF_A_PERSON if channel.kind == "dm" and facts.run is None else TALK
    return {agent_id: Decided(priority, decision) for agent_id, decision in asked.items()}


def asked_by(message: Posted, facts: Facts, named: Collection[str]) -> Mapping[str, int]:
    """The agents that must answer, each with its place in the mailbox."""
    return {agent_id: ask.priority for agent_id, ask in decide(message, facts, named).items()}


def reason_of(
    message: Posted, facts: Facts, channel: Channel, agent_id: str, named: Collection[str]
) -> Reason | None:
    """Why an agent must answer, regardless of the others; None: it need not."""
    policy = channel.policy_of(agent_id)
    if policy == "none":
        return None
    if agent_id in named:
        return "mentioned"
    authors = facts.threads.get(message.parent_message_id or message.id, ())
    if policy == "all":
        if channel.kind == "dm":
            return "direct_message"
        if message.parent_message_id is None:
            return "everyone"
        return "thread" if agent_id in authors else None
    # An agent is asked by others in a thread that it began, and so at most once for each answer.
    is_own_thread = message.parent_message_id is not None and [agent_id] == list(authors[:1])
    return "thread" if policy == "best_fit" and facts.run is not None and is_own_thread else None


def has_ended(run: Run | None) -> bool:
    """Whether talk among agents has gone on for long enough."""
    return run is not None and (run.depth >= DEEPEST or run.of_runs + 1 >= AMONG_THEMSELVES)
