"""Runs and their trace, as the specification draws them. What columns cannot say is in rules.py."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from bullpen.kit.models import Base

STATUSES = ("created", "running", "completed", "failed", "cancelled")
STOP_REASONS = (
    "end_turn",
    "error",
    "max_steps",
    "max_tokens_exceeded",
    "cancelled",
    "no_tool_call",
    "invalid_tool_call",
)
STEP_STATUSES = ("running", "completed", "failed")
MESSAGE_TYPES = (
    "system_message",
    "user_message",
    "assistant_message",
    "tool_call_message",
    "tool_return_message",
)


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class Run(Base):
    __tablename__ = "runs"
    __table_args__ = (
        one_of("status", STATUSES),
        one_of("stop_reason", STOP_REASONS),
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
        one_of("status", STEP_STATUSES),
        Index(None, "run_id", "step_number", unique=True),
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
        one_of("message_type", MESSAGE_TYPES),
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
