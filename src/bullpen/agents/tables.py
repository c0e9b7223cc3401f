"""What agents answer from without a model, and keys, and experiments."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from bullpen.kit.tables import Base


class AgentLines(Base):
    """What an agent answers from while it has no model: workers know no pack."""

    __tablename__ = "agent_lines"

    agent_id: Mapped[str] = mapped_column(
        Text, ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True
    )
    # All words of its topics, to find out whom a message interests without reading the lines.
    words: Mapped[list[str]] = mapped_column(ARRAY(Text))
    lines: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ProviderConnection(Base):
    """A key or an address of a model provider that an administrator has entered.

    The key is encrypted with one that is not in the database.
    """

    __tablename__ = "provider_connections"
    __table_args__ = (
        CheckConstraint(
            "(encrypted_key IS NULL) = (last_characters IS NULL)"
            " AND (encrypted_key IS NOT NULL OR base_url IS NOT NULL)",
            name="fields",
        ),
        Index(None, "entered_by"),
    )

    provider_id: Mapped[str] = mapped_column(Text, primary_key=True)
    encrypted_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    last_characters: Mapped[str | None] = mapped_column(Text)
    base_url: Mapped[str | None] = mapped_column(Text)
    entered_by: Mapped[str | None] = mapped_column(
        Text, ForeignKey("users.id", ondelete="SET NULL", onupdate="CASCADE")
    )
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


def of_agent() -> Mapped[str]:
    return mapped_column(Text, ForeignKey("agents.id", ondelete="CASCADE"))


class Experiment(Base):
    """Runs that are tried without effect: of a run, or of a question that is put to an agent.

    It repeats what was said, so it goes with its run and its channel.
    """

    __tablename__ = "experiments"
    __table_args__ = (
        CheckConstraint("kind IN ('dry_run', 'probe')", name="kind"),
        CheckConstraint("moment IN ('then', 'now')", name="moment"),
        Index(None, "run_id"),
        Index(None, "agent_id"),
        Index(None, "channel_id"),
        Index(None, "created_by", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    kind: Mapped[str] = mapped_column(Text)
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    agent_id: Mapped[str] = of_agent()
    channel_id: Mapped[str | None] = mapped_column(
        Text, ForeignKey("channels.id", ondelete="CASCADE")
    )
    # As it was at the run, or as it is when a trial begins.
    moment: Mapped[str] = mapped_column(Text)
    # The user who sees it.
    created_by: Mapped[str] = mapped_column(Text, ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class ExperimentTrial(Base):
    """One try: what was asked of which model, and what it did without effect."""

    __tablename__ = "experiment_trials"
    __table_args__ = (
        CheckConstraint(
            "status IN ('created', 'running', 'completed', 'failed', 'cancelled')", name="status"
        ),
        CheckConstraint("(worker IS NULL) = (lease_until IS NULL)", name="lease"),
        UniqueConstraint("experiment_id", "place"),
        Index(
            "ix_experiment_trials_open",
            "created_at",
            "place",
            postgresql_where=text("status IN ('created', 'running')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    experiment_id: Mapped[UUID] = mapped_column(ForeignKey("experiments.id", ondelete="CASCADE"))
    place: Mapped[int] = mapped_column()
    variant: Mapped[int] = mapped_column()
    # What differs from the run; null: nothing.
    model_id: Mapped[str | None] = mapped_column(Text)
    persona: Mapped[str | None] = mapped_column(Text)
    prompt: Mapped[str | None] = mapped_column(Text)
    question: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default="created")
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    completed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    worker: Mapped[str | None] = mapped_column(Text)
    lease_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    attempt: Mapped[int] = mapped_column(server_default="0")
    stop_reason: Mapped[str | None] = mapped_column(Text)
    problem: Mapped[str | None] = mapped_column(Text)
    # What was sent, and each step with what was said and called.
    sent: Mapped[Any | None] = mapped_column(JSONB)
    steps: Mapped[Any | None] = mapped_column(JSONB)
    input_tokens: Mapped[int] = mapped_column(BigInteger, server_default="0")
    output_tokens: Mapped[int] = mapped_column(BigInteger, server_default="0")
    cost_usd: Mapped[float] = mapped_column(Double, server_default="0")
    # The message as which it was posted, once somebody has chosen it.
    posted_id: Mapped[UUID | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"))
