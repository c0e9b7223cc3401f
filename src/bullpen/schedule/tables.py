from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from bullpen.kit.tables import Base


class ScheduledMessage(Base):
    __tablename__ = "scheduled_messages"
    __table_args__ = (
        CheckConstraint("status IN ('pending', 'fired', 'cancelled')", name="status"),
        Index("ix_scheduled_messages_agent_id", "agent_id", "trigger_at"),
        Index(
            "ix_scheduled_messages_due",
            "trigger_at",
            postgresql_where=text("status = 'pending'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    agent_id: Mapped[str] = mapped_column(Text, ForeignKey("agents.id", ondelete="CASCADE"))
    trigger_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    prompt: Mapped[str] = mapped_column(Text)
    target_channel_id: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default="pending")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class RecurringMessage(Base):
    """Always has one scheduled message that is pending: the next time that its pattern names."""

    __tablename__ = "recurring_messages"
    __table_args__ = (Index(None, "agent_id"), Index(None, "next_id", unique=True))

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    agent_id: Mapped[str] = mapped_column(Text, ForeignKey("agents.id", ondelete="CASCADE"))
    cron: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    prompt: Mapped[str] = mapped_column(Text)
    target_channel_id: Mapped[str | None] = mapped_column(Text)
    next_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("scheduled_messages.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
