"""The answers as the OpenAPI document describes them; their rows are the domains' structs."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Answer(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")


class Health(Answer):
    status: Literal["ok"]
    database: Literal["connected", "unavailable"]


class Error(Answer):
    error: str
    details: Any = None


class WorkspaceName(Answer):
    name: str


class Session(Answer):
    """Who the browser acts as, and where."""

    user_id: str
    workspace: WorkspaceName


class Status(Answer):
    emoji: str
    text: str


class User(Answer):
    id: str
    display_name: str
    title: str
    avatar_color: str
    presence: Literal["active", "away", "offline"]
    status: Status | None = Field(default=None, json_schema_extra={"description": "Left out: none"})


class Agent(Answer):
    id: str
    display_name: str
    title: str
    avatar_color: str
    system_prompt: str
    model_id: str
    max_turns: int
    max_budget_usd: float
    session_id: str | None
    is_active: bool
    created_at: datetime
    updated_at: datetime


class Channel(Answer):
    id: str
    name: str
    kind: Literal["public", "private", "dm"]
    topic: str
    member_ids: list[str] = Field(description="In the order of joining")


class DirectMessage(Answer):
    """What a channel of kind dm looks like to the sidebar: its id and its two memberIds."""

    id: str
    participant_ids: tuple[str, str]


class Reaction(Answer):
    emoji: str
    user_ids: list[str] = Field(description="In the order of use")


class StoppedRun(Answer):
    """A run that was to answer the message and was cancelled."""

    run_id: UUID
    agent_id: str


EDITED_AT: Any = Field(default=None, description="Left out of messages that were never edited")
STOPPED_RUNS: Any = Field(
    default=[],
    description="Cancelled runs that were to answer it, without those that were asked again; "
    "left out where there are none",
)


class Message(Answer):
    id: UUID
    channel_id: str
    user_id: str
    text: str = Field(description="Markdown, as it was written")
    timestamp: datetime
    reactions: list[Reaction] = Field(description="One per emoji, in the order of first use")
    thread_reply_count: int
    thread_participant_ids: list[str] = Field(
        default=[], description="Distinct, in the order of first reply; left out without replies"
    )
    last_reply_at: datetime | None = Field(default=None, description="Left out without replies")
    parent_message_id: UUID | None = Field(
        default=None, description="Of a reply that is asked for by itself; left out otherwise"
    )
    edited_at: datetime | None = EDITED_AT
    stopped_runs: list[StoppedRun] = STOPPED_RUNS


class ThreadReply(Answer):
    id: UUID
    parent_message_id: UUID
    user_id: str
    text: str
    timestamp: datetime
    reactions: list[Reaction]
    edited_at: datetime | None = EDITED_AT
    stopped_runs: list[StoppedRun] = STOPPED_RUNS


class ReadCursor(Answer):
    """Messages up to this one, and this one, have been read."""

    timestamp: datetime
    message_id: UUID


class UnreadThread(Answer):
    channel_id: str
    unread_count: int = Field(description="Replies of others after the cursor")
    cursor: ReadCursor


class Segment(Answer):
    text: str
    hit: bool = Field(description="Whether this is what was searched for")


class SearchHit(Answer):
    message: Message
    channel_id: str
    parent_message_id: UUID | None = Field(description="The thread that it stands in")
    segments: list[Segment] = Field(description="What to show of it, in order")


class SearchHits(Answer):
    hits: list[SearchHit]
    next_cursor: str | None
    notes: list[str] = Field(description="Why nothing was found, where that can be said")


class MemoryBlock(Answer):
    id: UUID
    agent_id: str = Field(description="The owner, also of a shared one")
    label: str
    content: str
    is_shared: bool
    updated_at: datetime
    version: int
    shared_with: list[str] = Field(description="In the order of linking")
    limit: int = Field(description="Characters")
    remaining: int = Field(description="Characters")


class BlockVersion(Answer):
    version: int
    content: str
    created_at: datetime
    user_id: str | None = Field(description="Null: it came with the pack, or by SQL")
    run_id: UUID | None


class BlockVersions(Answer):
    versions: list[BlockVersion]
    next_cursor: int | None


class PrivateNote(Answer):
    id: UUID
    agent_id: str = Field(description="Of a shared block, its owner")
    channel_id: str = Field(description="The private channel or DM whose readers it is for")
    label: str
    content: str
    version: int
    updated_at: datetime
    limit: int
    remaining: int


class PromptSection(Answer):
    name: str
    text: str
    tokens: int


class Prompt(Answer):
    agent_id: str
    channel_id: str | None
    model_id: str = Field(description="Who answers")
    sections: list[PromptSection]
    tokens: int
    is_estimate: bool


class Provider(Answer):
    id: str
    name: str
    ready: bool
    missing: list[str] = Field(description="What to do until it is ready")
    example: str
    variables: list[str]
    extra: str | None


class Answering(Answer):
    model_id: str
    answers_by: str = Field(description="`scripted` where nothing else is ready")
    is_own: bool
    missing: list[str]


class ModelCheck(Answering):
    is_refused: bool = Field(description="No provider can have a model of this id")
    problem: str | None = Field(description="What may be wrong with the id, in words")


class Providers(Answer):
    providers: list[Provider]
    models: list[Answering]


class ArchivalPassage(Answer):
    id: UUID
    agent_id: str
    content: str
    tags: list[str]
    created_at: datetime
    channel_id: str = Field(
        default="",
        description="The private channel or DM whose readers it is kept for; left out else",
    )
    snippet: list[Segment] = Field(default=[], description="With what was found; left out else")


class Passages(Answer):
    passages: list[ArchivalPassage]
    next_cursor: str | None


class ScheduledMessage(Answer):
    id: UUID
    agent_id: str
    trigger_at: datetime
    prompt: str
    target_channel_id: str | None
    status: Literal["pending", "fired", "cancelled"]
    created_at: datetime


class TokenUsage(Answer):
    input_tokens: int
    output_tokens: int


class Run(Answer):
    id: UUID
    agent_id: str
    status: Literal["created", "running", "completed", "failed", "cancelled"]
    stop_reason: str | None
    trigger_message_id: UUID | None
    channel_id: str | None
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    token_usage: TokenUsage | None


class RunMessage(Answer):
    id: UUID
    run_id: UUID
    step_id: UUID | None
    message_type: str
    content: str
    tool_name: str | None
    tool_input: Any
    created_at: datetime


class RunStep(Answer):
    id: UUID
    run_id: UUID
    step_number: int
    status: Literal["running", "completed", "failed"]
    model_id: str
    token_usage: TokenUsage | None
    created_at: datetime
    completed_at: datetime | None
    messages: list[RunMessage]


class Trace(Run):
    steps: list[RunStep]
    messages: list[RunMessage] = Field(description="Those that belong to no step")


class RunAccount(Answer):
    run_id: UUID
    kind: Literal["message", "schedule", "again"] | None = Field(
        description="Null where it came with a pack, as are those that follow"
    )
    again_of: UUID | None
    model_id: str | None = Field(description="The one it was asked to use, if it was")
    depth: int | None = Field(
        description="How many runs lie between a person's words, or a plan, and this one"
    )
    cost_usd: float | None
    problem: str | None = Field(description="What went wrong, in words")
    trigger_message_ids: list[UUID]
    posted_message_ids: list[UUID] = Field(description="Of those one may read")


class Policy(Answer):
    agent_id: str
    policy: Literal["all", "mentions", "none"] = Field(
        description="What it answers in the channel; with none, not even what mentions it"
    )


class Queue(Answer):
    agent_id: str
    state: Literal["idle", "waiting", "running"]
    running: Run | None
    waiting_count: int
    waiting: list[Run] = Field(description="In the order in which their turn comes, at most 50")


class RecurringMessage(Answer):
    id: UUID
    agent_id: str
    cron: str
    time_zone: str
    prompt: str
    target_channel_id: str | None
    next_at: datetime | None
    created_at: datetime


class Budget(Answer):
    """Of an agent, of a channel, or with neither of the workspace; today so far, by UTC."""

    agent_id: str | None
    channel_id: str | None
    daily_usd: float
    spent_usd: float
    reserved_usd: float = Field(description="What calls that are under way may cost at most")
