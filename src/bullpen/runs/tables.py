"""The tables of runs: first those that the specification draws, then what runs need beyond them.

What columns cannot say is in `sql/`.
"""

from datetime import date, datetime
from typing import Any, get_args
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSON, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from bullpen.kit.tables import Base
from bullpen.runs.values import (
    MessageType,
    NoticeKind,
    RunKind,
    RunStatus,
    StepStatus,
    StopReason,
)


def one_of(column: str, literal: Any) -> CheckConstraint:
    """`literal`: the type of what the column holds."""
    listed = ", ".join(f"'{value}'" for value in get_args(literal))
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class Run(Base):
    __tablename__ = "runs"
    __table_args__ = (
        one_of("status", RunStatus),
        one_of("stop_reason", StopReason),
        Index(None, "agent_id", "status"),
        Index(None, "status", "created_at"),
        # Found by the message that nobody answered because of it.
        Index(
            "ix_runs_cancelled",
            "trigger_message_id",
            postgresql_where=text("status = 'cancelled'"),
        ),
        Index("ix_runs_page", "created_at", "id"),
        Index("ix_runs_agent_page", "agent_id", "created_at", "id"),
        Index("ix_runs_channel_page", "channel_id", "created_at", "id"),
        Index("ix_runs_status_page", "status", "created_at", "id"),
        Index(
            "uq_runs_running",
            "agent_id",
            unique=True,
            postgresql_where=text("status = 'running'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    agent_id: Mapped[str] = mapped_column(Text, ForeignKey("agents.id", ondelete="CASCADE"))
    status: Mapped[str] = mapped_column(Text, server_default="created")
    stop_reason: Mapped[str | None] = mapped_column(Text)
    trigger_message_id: Mapped[UUID | None] = mapped_column()
    channel_id: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    completed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    token_usage: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class RunStep(Base):
    __tablename__ = "run_steps"
    __table_args__ = (
        one_of("status", StepStatus),
        Index(None, "run_id", "step_number", unique=True),
        Index("ix_run_steps_model_id", "model_id", "run_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    step_number: Mapped[int] = mapped_column()
    status: Mapped[str] = mapped_column(Text, server_default="running")
    model_id: Mapped[str] = mapped_column(Text)
    token_usage: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    completed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class RunMessage(Base):
    __tablename__ = "run_messages"
    __table_args__ = (
        one_of("message_type", MessageType),
        Index(None, "run_id", "created_at"),
        Index(None, "step_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    step_id: Mapped[UUID | None] = mapped_column(ForeignKey("run_steps.id", ondelete="CASCADE"))
    message_type: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    tool_name: Mapped[str | None] = mapped_column(Text)
    tool_input: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


def of_run() -> Any:
    return ForeignKey("runs.id", ondelete="CASCADE")


def of_agent() -> Any:
    return ForeignKey("agents.id", ondelete="CASCADE")


class MailboxEntry(Base):
    """A run that waits or is under way; `worker` has it until `lease_until`, and may renew that."""

    __tablename__ = "mailbox"
    __table_args__ = (
        CheckConstraint("(worker IS NULL) = (lease_until IS NULL)", name="lease"),
        Index(
            "ix_mailbox_waiting",
            *("agent_id", "priority", "queued_at", "run_id"),
            postgresql_where=text("worker IS NULL"),
        ),
        Index(
            "ix_mailbox_order",
            *("priority", "queued_at", "run_id"),
            postgresql_where=text("worker IS NULL"),
        ),
        Index("ix_mailbox_leased", "lease_until", postgresql_where=text("worker IS NOT NULL")),
        # In one conversation one speaks after the other, having read what was said before.
        Index(
            "uq_mailbox_conversation",
            *("channel_id", "thread_id"),
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("worker IS NOT NULL AND channel_id IS NOT NULL"),
        ),
    )

    run_id: Mapped[UUID] = mapped_column(of_run(), primary_key=True)
    agent_id: Mapped[str] = mapped_column(Text, of_agent())
    channel_id: Mapped[str | None] = mapped_column(Text)
    thread_id: Mapped[UUID | None] = mapped_column()
    priority: Mapped[int] = mapped_column(SmallInteger)
    queued_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    worker: Mapped[str | None] = mapped_column(Text)
    lease_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    attempt: Mapped[int] = mapped_column(Integer, server_default="0")


class PartialAnswer(Base):
    """What a run that is under way is writing, for people to watch. Gone when it is sent, when the
    run is not this worker's any longer, and after a crash of the database."""

    __tablename__ = "partial_answers"
    __table_args__ = {"prefixes": ["UNLOGGED"]}

    run_id: Mapped[UUID] = mapped_column(
        ForeignKey("mailbox.run_id", ondelete="CASCADE"), primary_key=True
    )
    worker: Mapped[str] = mapped_column(Text)
    attempt: Mapped[int] = mapped_column(Integer)
    # Where it goes, which need not be where the run was asked.
    channel_id: Mapped[str] = mapped_column(Text)
    thread_id: Mapped[UUID | None] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    thinking: Mapped[str] = mapped_column(Text)
    tool: Mapped[str | None] = mapped_column(Text)
    # Of the transaction that wrote it: another one each time.
    version: Mapped[int] = mapped_column(BigInteger)


class ParkedRun(Base):
    """A run that pauses have put back into the mailbox, and how often: those attempts do not count
    as failed."""

    __tablename__ = "parked_runs"

    run_id: Mapped[UUID] = mapped_column(of_run(), primary_key=True)
    times: Mapped[int] = mapped_column(Integer)


class RunDetails(Base):
    __tablename__ = "run_details"
    __table_args__ = (
        one_of("kind", RunKind),
        # One that is due becomes one run, however many look for it.
        UniqueConstraint("scheduled_id"),
        Index(None, "again_of"),
        Index(None, "started_by"),
        Index("ix_run_details_cost", "cost_usd", "run_id", postgresql_where=text("cost_usd > 0")),
    )

    run_id: Mapped[UUID] = mapped_column(of_run(), primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    thread_id: Mapped[UUID | None] = mapped_column()
    prompt: Mapped[str | None] = mapped_column(Text)
    scheduled_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("scheduled_messages.id", ondelete="SET NULL")
    )
    again_of: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id", ondelete="SET NULL"))
    model_id: Mapped[str | None] = mapped_column(Text)
    # How many runs lie between a person's words, or a plan, and this one.
    depth: Mapped[int] = mapped_column(Integer, server_default="0")
    # The user whose message started the chain; that user's agent is not asked.
    started_by: Mapped[str | None] = mapped_column(
        Text, ForeignKey("users.id", ondelete="SET NULL")
    )
    history: Mapped[bytes | None] = mapped_column(LargeBinary)
    cost_usd: Mapped[float | None] = mapped_column(Double)
    problem: Mapped[str | None] = mapped_column(Text)


class RunFigures(Base):
    """What plots need to know of a run, repeated in one short row. Triggers write it."""

    __tablename__ = "run_figures"
    __table_args__ = (
        # Groups by day and agent come in this order, without a sort.
        Index("ix_run_figures_day", text("((created_at AT TIME ZONE 'UTC')::date)"), "agent_id"),
        {"postgresql_with": {"fillfactor": 80}},
    )

    run_id: Mapped[UUID] = mapped_column(of_run(), primary_key=True)
    agent_id: Mapped[str] = mapped_column(Text)
    channel_id: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    # From its start to its end.
    seconds: Mapped[float | None] = mapped_column(Double)
    # Of its first step.
    model_id: Mapped[str | None] = mapped_column(Text)
    input_tokens: Mapped[int | None] = mapped_column(BigInteger)
    # The most tokens that one step sent.
    longest_request: Mapped[int | None] = mapped_column(BigInteger)
    output_tokens: Mapped[int | None] = mapped_column(BigInteger)
    cost_usd: Mapped[float | None] = mapped_column(Double)


class RunDecision(Base):
    """Why this agent was asked and no other, as `runs.decisions.Decision`.

    Of the first message that a run answers. Without a row everybody there was asked.
    """

    __tablename__ = "run_decisions"

    run_id: Mapped[UUID] = mapped_column(of_run(), primary_key=True)
    decision: Mapped[Any] = mapped_column(JSONB)


class RunTrigger(Base):
    """The messages that a run is to answer."""

    __tablename__ = "run_triggers"
    __table_args__ = (Index(None, "message_id"),)

    run_id: Mapped[UUID] = mapped_column(of_run(), primary_key=True)
    message_id: Mapped[UUID] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )


def of_call() -> Any:
    """The tool call, as it stands in the trace; null where the trace is no longer kept."""
    return ForeignKey("run_messages.id", ondelete="SET NULL")


class RunPost(Base):
    """The messages that a run has written."""

    __tablename__ = "run_posts"
    __table_args__ = (Index(None, "run_id"),)

    message_id: Mapped[UUID] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    run_id: Mapped[UUID] = mapped_column(of_run())


class RunEffect(Base):
    """What a tool call has made. The database itself writes it, for each tool."""

    __tablename__ = "run_effects"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(block_version_id, note_version_id, passage_id, reaction_id,"
            " scheduled_id, channel_id, message_id) = 1",
            name="one",
        ),
        Index(None, "run_id"),
        Index(None, "call_id"),
        Index(None, "block_version_id", unique=True),
        Index(None, "note_version_id", unique=True),
        Index(None, "passage_id", unique=True),
        Index(None, "reaction_id", unique=True),
        Index(None, "scheduled_id", unique=True),
        Index(None, "channel_id", unique=True),
        Index(None, "message_id", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    run_id: Mapped[UUID] = mapped_column(of_run())
    call_id: Mapped[UUID | None] = mapped_column(of_call())
    block_version_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("memory_block_versions.id", ondelete="CASCADE")
    )
    note_version_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("private_note_versions.id", ondelete="CASCADE")
    )
    passage_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("archival_passages.id", ondelete="CASCADE")
    )
    reaction_id: Mapped[UUID | None] = mapped_column(ForeignKey("reactions.id", ondelete="CASCADE"))
    scheduled_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("scheduled_messages.id", ondelete="CASCADE")
    )
    channel_id: Mapped[str | None] = mapped_column(
        Text, ForeignKey("channels.id", ondelete="CASCADE")
    )
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))


class RunPassage(Base):
    """A passage of the archive that a run was given, and its place in the answer of that call."""

    __tablename__ = "run_passages"
    __table_args__ = (Index(None, "run_id"), Index(None, "call_id"), Index(None, "passage_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    run_id: Mapped[UUID] = mapped_column(of_run())
    call_id: Mapped[UUID | None] = mapped_column(of_call())
    place: Mapped[int] = mapped_column(Integer)
    passage_id: Mapped[UUID] = mapped_column(ForeignKey("archival_passages.id", ondelete="CASCADE"))


class RunReach(Base):
    """Which private channel a run has read or written besides its own, and from which step on.

    Step 0 is the prompt. Null: a channel that is gone.
    """

    __tablename__ = "run_reaches"
    __table_args__ = (UniqueConstraint("run_id", "channel_id"), Index(None, "channel_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    run_id: Mapped[UUID] = mapped_column(of_run())
    channel_id: Mapped[str | None] = mapped_column(
        Text, ForeignKey("channels.id", ondelete="SET NULL")
    )
    step_number: Mapped[int] = mapped_column(Integer)


class RunSource(Base):
    """A private channel besides its own that a run was given something from. Null: it is gone.

    Not one that the run only wrote to: it knows nothing from there.
    """

    __tablename__ = "run_sources"
    __table_args__ = (UniqueConstraint("run_id", "channel_id"), Index(None, "channel_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    run_id: Mapped[UUID] = mapped_column(of_run())
    channel_id: Mapped[str | None] = mapped_column(
        Text, ForeignKey("channels.id", ondelete="SET NULL")
    )


class RunWithheld(Base):
    """What a run was not given, or was refused, in words for those who may read that channel."""

    __tablename__ = "run_withheld"
    __table_args__ = (Index(None, "run_id"), Index(None, "step_id"), Index(None, "channel_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    run_id: Mapped[UUID] = mapped_column(of_run())
    # Null: from the prompt.
    step_id: Mapped[UUID | None] = mapped_column(ForeignKey("run_steps.id", ondelete="CASCADE"))
    channel_id: Mapped[str] = mapped_column(Text, ForeignKey("channels.id", ondelete="CASCADE"))
    content: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class RunCall(Base):
    """Tool calls that have been answered: one that is made again is answered from here."""

    __tablename__ = "run_calls"
    __table_args__ = (Index(None, "message_id"),)

    run_id: Mapped[UUID] = mapped_column(of_run(), primary_key=True)
    turn: Mapped[int] = mapped_column(Integer, primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True)
    message_id: Mapped[UUID] = mapped_column(ForeignKey("run_messages.id", ondelete="CASCADE"))


class StepDetails(Base):
    __tablename__ = "step_details"

    step_id: Mapped[UUID] = mapped_column(
        ForeignKey("run_steps.id", ondelete="CASCADE"), primary_key=True
    )
    # What was sent to the model, to the letter.
    request: Mapped[Any] = mapped_column(JSON)
    cost_usd: Mapped[float | None] = mapped_column(Double)
    reserved_usd: Mapped[float] = mapped_column(Double, server_default="0")


def of_one() -> tuple[Any, ...]:
    return (
        UniqueConstraint("agent_id", "channel_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("agent_id IS NULL OR channel_id IS NULL", name="one"),
    )


class Budget(Base):
    """For a day: of an agent, of a channel, or with neither of the workspace."""

    __tablename__ = "budgets"
    __table_args__ = (*of_one(), CheckConstraint("daily_usd >= 0", name="daily_usd"))

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    agent_id: Mapped[str | None] = mapped_column(Text, of_agent())
    channel_id: Mapped[str | None] = mapped_column(
        Text, ForeignKey("channels.id", ondelete="CASCADE")
    )
    daily_usd: Mapped[float] = mapped_column(Double)


class Spending(Base):
    """What a day (UTC) has cost so far, and what calls that are under way may cost at most."""

    __tablename__ = "spending"
    __table_args__ = (
        UniqueConstraint("day", "agent_id", "channel_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("agent_id IS NULL OR channel_id IS NULL", name="one"),
        Index(None, "agent_id"),
        Index(None, "channel_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    day: Mapped[date] = mapped_column(Date)
    agent_id: Mapped[str | None] = mapped_column(Text, of_agent())
    channel_id: Mapped[str | None] = mapped_column(
        Text, ForeignKey("channels.id", ondelete="CASCADE")
    )
    spent_usd: Mapped[float] = mapped_column(Double, server_default="0")
    reserved_usd: Mapped[float] = mapped_column(Double, server_default="0")


class RunNotice(Base):
    """Messages that only say why an agent does not answer."""

    __tablename__ = "run_notices"
    __table_args__ = (one_of("kind", NoticeKind),)

    message_id: Mapped[UUID] = mapped_column(
        ForeignKey("run_posts.message_id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(Text)
