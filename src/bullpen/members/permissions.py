"""Who may do what: the one table, and the one function that refuses.

What somebody may read is in `members.access`: a permission never lets anyone act on what they
cannot read. `docs/permissions.md` is written from this table: `python -m scripts.permissions`.
"""

from collections.abc import Mapping, Sequence
from enum import Flag, StrEnum, auto
from typing import Literal, NamedTuple

from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Forbidden
from bullpen.members.actor import Actor, Role

Subject = Literal["owner", "admin", "member", "guest", "agent"]
SUBJECTS: tuple[Subject, ...] = ("owner", "admin", "member", "guest", "agent")
# From the most to the least.
ROLES: tuple[Role, ...] = ("owner", "admin", "member", "guest")


class Condition(Flag):
    """What must hold for a subject that may not always do something. One of several is enough."""

    NEVER = 0
    ALWAYS = auto()
    MEMBER = auto()
    "is in the channel"
    MANAGER = auto()
    "manages the agent"
    OWN = auto()
    "it is the actor's own, or the actor themselves"
    BELOW = auto()
    "the other person's role is below the actor's, and so is the role that they get"


NEVER, ALWAYS = Condition.NEVER, Condition.ALWAYS
MEMBER, MANAGER = Condition.MEMBER, Condition.MANAGER
OWN, BELOW = Condition.OWN, Condition.BELOW


class Permission(StrEnum):
    """What can be permitted; `RULES` says to whom."""

    CREATE_CHANNEL = auto()
    OPEN_DM = auto()
    CHANGE_CHANNEL = auto()
    JOIN_CHANNEL = auto()
    ADD_MEMBER = auto()
    REMOVE_MEMBER = auto()
    LEAVE_CHANNEL = auto()
    SET_PREFERENCES = auto()
    ARCHIVE_CHANNEL = auto()
    RESTORE_CHANNEL = auto()
    DELETE_CHANNEL = auto()

    POST = auto()
    NOTIFY_CHANNEL = auto()
    REACT = auto()
    PIN = auto()
    CHANGE_MESSAGE = auto()

    SEE_AGENT = auto()
    READ_AGENTS = auto()
    CREATE_AGENT = auto()
    EDIT_AGENT = auto()
    EXPORT_AGENT = auto()
    EDIT_MEMORY = auto()
    EDIT_PLANS = auto()
    SET_COMMANDS = auto()
    SET_POLICY = auto()
    SET_MANAGER = auto()
    PAUSE_CHANNEL = auto()
    PAUSE_WORKSPACE = auto()
    STOP_RUNS = auto()
    REPEAT_RUN = auto()
    ANSWER_RUN = auto()
    SET_BUDGET = auto()

    SET_STATUS = auto()
    READ_PEOPLE = auto()
    INVITE = auto()
    EDIT_PERSON = auto()
    CHANGE_ROLE = auto()
    MAKE_RESET_LINK = auto()
    DEACTIVATE_PERSON = auto()
    SIGN_OUT_PERSON = auto()
    MANAGE_TOKENS = auto()
    EXPORT_PERSON = auto()
    ERASE_PERSON = auto()
    EDIT_GROUP = auto()
    DELETE_GROUP = auto()

    EDIT_WORKSPACE = auto()
    SET_RETENTION = auto()
    READ_AUDIT = auto()
    READ_USAGE = auto()
    CONNECT_MODELS = auto()


class Rule(NamedTuple):
    """`what` completes "can …"."""

    area: str
    what: str
    who: Mapping[Subject, Condition]


def rule(area: str, what: str, **who: Condition) -> Rule:
    return Rule(area, what, {subject: who.get(subject, NEVER) for subject in SUBJECTS})


def among_people(area: str, what: str, *, own: bool = False) -> Rule:
    """Owners with everybody, admins with those below them; with `own`, all with themselves."""
    mine = OWN if own else NEVER
    return rule(area, what, owner=ALWAYS, admin=BELOW | mine, member=mine, guest=mine)


# fmt: off
RULES: Mapping[Permission, Rule] = {
    Permission.CREATE_CHANNEL: rule(
        "Channels", "create public and private channels",
        owner=ALWAYS, admin=ALWAYS, member=ALWAYS,
    ),
    Permission.OPEN_DM: rule(
        "Channels", "open a direct message with users whom they can see",
        owner=ALWAYS, admin=ALWAYS, member=ALWAYS, guest=ALWAYS, agent=ALWAYS,
    ),
    Permission.CHANGE_CHANNEL: rule(
        "Channels", "rename a channel and change its topic",
        owner=MEMBER, admin=MEMBER, member=MEMBER,
    ),
    Permission.JOIN_CHANNEL: rule(
        "Channels", "join a public channel", owner=ALWAYS, admin=ALWAYS, member=ALWAYS,
    ),
    Permission.ADD_MEMBER: rule(
        "Channels", "add others to a channel", owner=MEMBER, admin=MEMBER, member=MEMBER,
    ),
    Permission.REMOVE_MEMBER: rule(
        "Channels", "remove others from a channel", owner=MEMBER, admin=MEMBER, member=MEMBER,
    ),
    Permission.LEAVE_CHANNEL: rule(
        "Channels", "leave a channel", owner=MEMBER, admin=MEMBER, member=MEMBER, guest=MEMBER,
    ),
    Permission.SET_PREFERENCES: rule(
        "Channels",
        "star and mute a channel, choose notifications, and arrange the sidebar, for oneself",
        owner=MEMBER, admin=MEMBER, member=MEMBER, guest=MEMBER, agent=MEMBER,
    ),
    Permission.ARCHIVE_CHANNEL: rule(
        "Channels", "archive a channel", owner=ALWAYS, admin=ALWAYS,
    ),
    Permission.RESTORE_CHANNEL: rule(
        "Channels", "restore an archived channel", owner=ALWAYS, admin=ALWAYS,
    ),
    Permission.DELETE_CHANNEL: rule(
        "Channels", "delete an archived channel", owner=ALWAYS, admin=ALWAYS,
    ),

    Permission.POST: rule(
        "Messages", "post messages",
        owner=MEMBER, admin=MEMBER, member=MEMBER, guest=MEMBER, agent=MEMBER,
    ),
    Permission.NOTIFY_CHANNEL: rule(
        "Messages", "notify all people in a channel by `@channel` and `@here`",
        owner=MEMBER, admin=MEMBER, member=MEMBER, guest=MEMBER,
    ),
    Permission.REACT: rule(
        "Messages", "react to messages",
        owner=MEMBER, admin=MEMBER, member=MEMBER, guest=MEMBER, agent=MEMBER,
    ),
    Permission.PIN: rule(
        "Messages", "pin and unpin messages",
        owner=MEMBER, admin=MEMBER, member=MEMBER, guest=MEMBER, agent=MEMBER,
    ),
    Permission.CHANGE_MESSAGE: rule(
        "Messages", "edit and delete a message",
        owner=OWN, admin=OWN, member=OWN, guest=OWN, agent=OWN,
    ),

    # Where somebody writes to an agent, they may know who reads it.
    Permission.SEE_AGENT: rule(
        "Agents", "see an agent's state, its manager, and whether it is external",
        owner=ALWAYS, admin=ALWAYS, member=ALWAYS, guest=ALWAYS, agent=ALWAYS,
    ),
    Permission.READ_AGENTS: rule(
        "Agents", "see the settings, memory, plans and budgets of agents",
        owner=ALWAYS, admin=ALWAYS, member=ALWAYS, agent=ALWAYS,
    ),
    Permission.CREATE_AGENT: rule(
        "Agents", "create, duplicate and import agents", owner=ALWAYS, admin=ALWAYS,
    ),
    Permission.EDIT_AGENT: rule(
        "Agents", "edit, pause and delete an agent",
        owner=ALWAYS, admin=ALWAYS, member=MANAGER,
    ),
    Permission.EXPORT_AGENT: rule(
        "Agents", "export an agent", owner=ALWAYS, admin=ALWAYS, member=MANAGER,
    ),
    Permission.EDIT_MEMORY: rule(
        "Agents", "change an agent's memory, notes and archive",
        owner=ALWAYS, admin=ALWAYS, member=MANAGER, agent=OWN,
    ),
    Permission.EDIT_PLANS: rule(
        "Agents", "make and cancel an agent's scheduled messages",
        owner=ALWAYS, admin=ALWAYS, member=MANAGER, agent=OWN,
    ),
    Permission.SET_COMMANDS: rule(
        "Agents", "set the commands that an agent offers",
        owner=ALWAYS, admin=ALWAYS, member=MANAGER, agent=OWN,
    ),
    Permission.SET_POLICY: rule(
        "Agents", "set what an agent replies to in a channel that they are in",
        owner=ALWAYS, admin=ALWAYS, member=MANAGER,
    ),
    Permission.SET_MANAGER: rule(
        "Agents", "choose an agent's manager", owner=ALWAYS, admin=ALWAYS,
    ),
    Permission.PAUSE_CHANNEL: rule(
        "Agents", "pause and resume all agents in a channel",
        owner=ALWAYS, admin=ALWAYS, member=MEMBER,
    ),
    Permission.PAUSE_WORKSPACE: rule(
        "Agents", "pause and resume all agents of the workspace", owner=ALWAYS, admin=ALWAYS,
    ),
    Permission.STOP_RUNS: rule(
        "Agents", "cancel runs", owner=ALWAYS, admin=ALWAYS, member=MEMBER | MANAGER, guest=MEMBER,
    ),
    Permission.REPEAT_RUN: rule(
        "Agents", "repeat a run", owner=ALWAYS, admin=ALWAYS, member=MEMBER | MANAGER,
    ),
    Permission.ANSWER_RUN: rule(
        "Agents", "take and answer the runs of an external agent, by its API token", agent=OWN,
    ),
    Permission.SET_BUDGET: rule("Agents", "set budgets", owner=ALWAYS, admin=ALWAYS),

    Permission.SET_STATUS: rule(
        "People", "set a status and presence",
        owner=OWN, admin=OWN, member=OWN, guest=OWN, agent=OWN,
    ),
    Permission.READ_PEOPLE: rule(
        "People", "see inactive people and e-mail addresses", owner=ALWAYS, admin=ALWAYS,
    ),
    Permission.INVITE: among_people("People", "invite people"),
    Permission.EDIT_PERSON: among_people("People", "change a person's profile", own=True),
    Permission.CHANGE_ROLE: among_people("People", "change a person's role"),
    Permission.MAKE_RESET_LINK: among_people(
        "People", "make a link that sets a person's password"
    ),
    Permission.DEACTIVATE_PERSON: among_people("People", "deactivate and reactivate a person"),
    Permission.SIGN_OUT_PERSON: among_people("People", "sign a person out everywhere", own=True),
    Permission.MANAGE_TOKENS: among_people("People", "see and revoke API tokens", own=True),
    Permission.EXPORT_PERSON: among_people("People", "export a person's data", own=True),
    Permission.ERASE_PERSON: rule("People", "erase a person's data", owner=ALWAYS),
    Permission.EDIT_GROUP: rule(
        "People", "create and change user groups", owner=ALWAYS, admin=ALWAYS, member=ALWAYS,
    ),
    Permission.DELETE_GROUP: rule("People", "delete user groups", owner=ALWAYS, admin=ALWAYS),

    Permission.EDIT_WORKSPACE: rule(
        "Workspace", "change the workspace's name and icon", owner=ALWAYS, admin=ALWAYS,
    ),
    Permission.SET_RETENTION: rule(
        "Workspace", "set how long messages are kept", owner=ALWAYS, admin=ALWAYS,
    ),
    Permission.READ_AUDIT: rule(
        "Workspace", "read and export the audit log", owner=ALWAYS, admin=ALWAYS,
    ),
    Permission.READ_USAGE: rule("Workspace", "see usage and cost", owner=ALWAYS, admin=ALWAYS),
    Permission.CONNECT_MODELS: rule(
        "Workspace", "enter, test and remove keys and addresses of model providers",
        owner=ALWAYS, admin=ALWAYS,
    ),
}
# fmt: on

NAMES: Mapping[Subject, str] = {subject: f"{subject}s" for subject in SUBJECTS}
# How a sentence names those for whom a condition holds.
WITH_CONDITION: Mapping[Condition, str] = {
    MEMBER: "{who} who are in the channel",
    MANAGER: "the agent's manager",
    BELOW: "{who} with a higher role",
    OWN: "{themselves}",
}
THEMSELVES = {
    "Messages": "the author",
    "Agents": "the agent itself",
    "People": "the person themselves",
}


def subject_of(actor: Actor) -> Subject:
    return actor.role or "agent"


def may(actor: Actor, permission: Permission, holds: Condition = NEVER) -> bool:
    """`holds`: the conditions that are true of the actor and of what they want to change."""
    return bool(RULES[permission].who[subject_of(actor)] & (holds | ALWAYS))


def require(actor: Actor, permission: Permission, holds: Condition = NEVER) -> None:
    """What the actor cannot read must have been answered 404 before: this says that it exists."""
    if not may(actor, permission, holds):
        raise Forbidden(ErrorCode.NOT_PERMITTED, refusal(permission))


def refusal(permission: Permission) -> str:
    return f"Only {who_may(permission)} can {RULES[permission].what}."


def who_may(permission: Permission) -> str:
    """In words, such as "owners, admins or the agent's manager"."""
    who = RULES[permission].who
    parts = [NAMES[subject] for subject in SUBJECTS if ALWAYS in who[subject]]
    for condition, words in WITH_CONDITION.items():
        subjects = [NAMES[subject] for subject in SUBJECTS if condition in who[subject]]
        if subjects:
            themselves = THEMSELVES.get(RULES[permission].area)
            parts.append(words.format(who=joined(subjects), themselves=themselves))
    return joined(parts)


def joined(parts: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def is_below(role: Role, actor: Actor) -> bool:
    """Whether a role is below the actor's own."""
    return actor.role is not None and ROLES.index(role) > ROLES.index(actor.role)
