"""A pack's files as they are written: one model per file or list item."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    ValidationInfo,
    field_validator,
    model_validator,
)

from bullpen.members.actor import Role
from bullpen.members.kinds import DM_MEMBERS, GROUP_DM_MEMBERS
from bullpen.members.policy_names import PolicyName
from bullpen.packs.field_types import (
    AnyDay,
    Color,
    Count,
    Day,
    Dollars,
    Email,
    Emoji,
    GroupDescription,
    Handle,
    Id,
    Line,
    Memory,
    Name,
    Seconds,
    Share,
    SomeLines,
    Tags,
    Text,
    TimeOfDay,
    TimeZone,
    Topic,
    Turns,
    Words,
)
from bullpen.packs.pack import Presence, ScheduledStatus
from bullpen.packs.problems import expected_one_of, quoted
from bullpen.runs.values import MessageType, StepEnd, StopReason


@dataclass(frozen=True, slots=True)
class References:
    """What may be named; None where there is no limit, or a broken file leaves it unknown.

    Where agents are unknown, so are `people`.
    """

    agents: tuple[str, ...] | None = None
    people: tuple[str, ...] = ()
    members: tuple[str, ...] | None = None
    channels: tuple[str, ...] | None = None


def _references(info: ValidationInfo) -> References:
    assert isinstance(info.context, References), "every check says what may be named"
    return info.context


def _agent(user_id: str, info: ValidationInfo) -> str:
    references = _references(info)
    if references.agents is not None and user_id not in references.agents:
        expected = expected_one_of(user_id, references.agents)
        raise ValueError(f"{quoted(user_id)} is not an agent of this pack; {expected}")
    return user_id


def _user(user_id: str, info: ValidationInfo) -> str:
    references = _references(info)
    if user_id not in references.people:
        _agent(user_id, info)
    if references.members is not None and user_id not in references.members:
        expected = expected_one_of(user_id, references.members)
        raise ValueError(f"{quoted(user_id)} is not a member of this channel; {expected}")
    return user_id


def _channel(channel_id: str, info: ValidationInfo) -> str:
    references = _references(info)
    if references.channels is not None and channel_id not in references.channels:
        expected = expected_one_of(channel_id, references.channels)
        raise ValueError(f"{quoted(channel_id)} is not a channel of this pack; {expected}")
    return channel_id


def _distinct(user_ids: tuple[str, ...]) -> tuple[str, ...]:
    if not user_ids:
        raise ValueError("is empty; expected at least one id")
    for index, user_id in enumerate(user_ids):
        if user_id in user_ids[:index]:
            raise ValueError(f"{quoted(user_id)} appears twice; expected each id once")
    return user_ids


def _few(user_ids: tuple[str, ...]) -> tuple[str, ...]:
    if len(user_ids) not in DM_MEMBERS and len(user_ids) not in GROUP_DM_MEMBERS:
        raise ValueError(f"has {len(user_ids)} ids; expected two, or three to nine for a group")
    return user_ids


def _all_as_none(members: object) -> object:
    if isinstance(members, str) and members != "all":
        raise ValueError(f"{quoted(members)} is not possible; expected all or a list of ids")
    return None if members == "all" else members


def _flag(value: object) -> bool:
    if value not in ("true", "false"):
        found = quoted(value) if isinstance(value, str) else "This value"
        raise ValueError(f"{found} is not possible; expected true or false")
    return value == "true"


Flag = Annotated[bool, BeforeValidator(_flag)]
AgentRef = Annotated[str, AfterValidator(_agent)]
UserRef = Annotated[str, AfterValidator(_user)]
ChannelRef = Annotated[str, AfterValidator(_channel)]
AgentRefs = Annotated[tuple[AgentRef, ...], AfterValidator(_distinct)]
UserRefs = Annotated[tuple[UserRef, ...], AfterValidator(_distinct)]
# None stands for all.
Agents = Annotated[AgentRefs | None, BeforeValidator(_all_as_none)]
Members = Annotated[UserRefs | None, BeforeValidator(_all_as_none)]


class Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WrittenStatus(Written):
    emoji: Emoji
    text: Name


class WrittenPerson(Written):
    id: Id
    display_name: Name
    title: Topic = ""
    avatar_color: Color
    role: Role = "member"
    email: Email | None = None
    time_zone: TimeZone | None = None
    presence: Presence = "offline"
    status: WrittenStatus | None = None


def _distinct_people(people: tuple[WrittenPerson, ...]) -> tuple[WrittenPerson, ...]:
    _distinct(tuple(person.id for person in people) or ("",))
    emails = [person.email.lower() for person in people if person.email]
    for index, email in enumerate(emails):
        if email in emails[:index]:
            raise ValueError(f"{quoted(email)} appears twice; expected each e-mail address once")
    return people


class WrittenPack(Written):
    format: Literal["1"]
    id: Id
    name: Name
    description: Topic = ""
    agents: Annotated[tuple[Id, ...], AfterValidator(_distinct)]
    people: Annotated[tuple[WrittenPerson, ...], AfterValidator(_distinct_people)] = ()
    default_user: str

    @field_validator("people")
    @classmethod
    def _are_no_agents(
        cls, people: tuple[WrittenPerson, ...], info: ValidationInfo
    ) -> tuple[WrittenPerson, ...]:
        for person in people:
            if person.id in info.data.get("agents", ()):
                raise ValueError(f"{quoted(person.id)} is an agent's id; expected another id")
        return people

    @field_validator("default_user")
    @classmethod
    def _is_a_member(cls, user_id: str, info: ValidationInfo) -> str:
        agents = info.data.get("agents", (user_id,))
        if user_id not in {*agents, *(person.id for person in info.data.get("people", ()))}:
            expected = expected_one_of(user_id, agents)
            raise ValueError(f"{quoted(user_id)} is not in the list of agents; {expected}")
        return user_id


class WrittenUserGroup(Written):
    handle: Handle
    description: GroupDescription = ""
    members: UserRefs


class WrittenPersona(Written):
    display_name: Name
    title: Name
    avatar_color: Color
    presence: Presence = "active"
    status: WrittenStatus | None = None
    model_id: Name = "claude-sonnet-4-5-20250929"
    max_turns: Turns = 5
    max_budget_usd: Dollars = 0.10


class WrittenChannel(Written):
    id: Id
    kind: Literal["public", "private"]
    name: Name | None = None
    topic: Topic = ""
    members: Members
    answers: PolicyName = "all"
    host: AgentRef | None = None

    @field_validator("host")
    @classmethod
    def _is_in_the_channel(cls, host: str | None, info: ValidationInfo) -> str | None:
        members = info.data.get("members")
        if host is not None and members is not None and host not in members:
            expected = expected_one_of(host, members)
            raise ValueError(f"{quoted(host)} is not a member of this channel; {expected}")
        return host


class WrittenDm(Written):
    members: Annotated[UserRefs, AfterValidator(_few)]
    id: Id | None = None


class WrittenReply(Written):
    day: Day | None = None
    at: TimeOfDay
    user_id: UserRef = Field(alias="from")
    text: Text
    reactions: dict[Emoji, UserRefs] = {}
    also_in_channel: Flag = False


class WrittenMessage(Written):
    day: Day
    at: TimeOfDay
    user_id: UserRef = Field(alias="from")
    text: Text
    reactions: dict[Emoji, UserRefs] = {}
    replies: tuple[WrittenReply, ...] = ()


class WrittenUnreads(RootModel[dict[UserRef, dict[ChannelRef, Count]]]):
    model_config = ConfigDict(frozen=True)


class WrittenPassage(Written):
    day: Day
    at: TimeOfDay
    text: Memory
    tags: Tags = ()


class WrittenMemory(Written):
    blocks: dict[Id, Memory] = {}
    shared: dict[Id, Agents] = {}
    archive: tuple[WrittenPassage, ...] = ()


class WrittenTopic(Written):
    words: Words
    lines: SomeLines
    reactions: tuple[Emoji, ...] = ()


class WrittenLines(Written):
    talkative: Share = 0.15
    addressed: SomeLines
    greetings: tuple[Line, ...] = ()
    questions: tuple[Line, ...] = ()
    thanks: tuple[Line, ...] = ()
    asides: tuple[Line, ...] = ()
    planned: tuple[Line, ...] = ()
    notes: tuple[Line, ...] = ()
    topics: tuple[WrittenTopic, ...] = ()
    reactions: tuple[Emoji, ...] = ()


class WrittenCreation(Written):
    day: Day
    at: TimeOfDay


class WrittenScheduled(Written):
    agent: AgentRef
    day: AnyDay
    at: TimeOfDay
    prompt: Memory
    channel: ChannelRef | None = None
    status: ScheduledStatus = "pending"
    created: WrittenCreation


class WrittenTrigger(Written):
    day: Day
    at: TimeOfDay
    user_id: UserRef = Field(alias="from")


class WrittenTokens(Written):
    input: Count
    output: Count


class WrittenRunMessage(Written):
    type: MessageType
    text: Text | None = None
    tool: Name | None = None
    input: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        is_call, is_return = (self.type == f"tool_{of}_message" for of in ("call", "return"))
        misfit = None
        if self.text is None and not is_call:
            misfit = "has no text; expected one"
        elif self.tool is None and (is_call or is_return):
            misfit = "names no tool; expected one"
        elif self.tool is not None and not (is_call or is_return):
            misfit = "takes no tool; expected a text alone"
        elif self.input is None and is_call:
            misfit = "has no input; expected a mapping"
        elif self.input is not None and not is_call:
            misfit = "takes no input; expected it in the tool_call_message"
        if misfit:
            raise ValueError(f"this {self.type} {misfit}")
        return self


class WrittenStep(Written):
    status: StepEnd = "completed"
    seconds: Seconds
    model_id: Name | None = None
    tokens: WrittenTokens | None = None
    messages: tuple[WrittenRunMessage, ...] = ()


class WrittenRun(Written):
    day: Day
    at: TimeOfDay
    waited: Seconds = timedelta()
    channel: ChannelRef | None = None
    trigger: WrittenTrigger | None = None
    stop_reason: StopReason
    messages: tuple[WrittenRunMessage, ...] = ()
    steps: tuple[WrittenStep, ...] = ()
