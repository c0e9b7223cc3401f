"""Browsers that get notices by Web Push, and the notices that are still to be sent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    func,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from bullpen.kit.tables import Base


class PushSubscription(Base):
    """A browser that a user wants to be notified in.

    It goes with the session in which it was made; in demo mode there are none. `server_key` is the
    public key that it was made for: with another one its push service takes nothing. Nobody sends
    to it before `due_at`, because somebody else is doing so or it has failed.
    """

    __tablename__ = "push_subscriptions"
    __table_args__ = (
        CheckConstraint("length(endpoint) <= 1000", name="endpoint"),
        CheckConstraint("octet_length(browser_key) = 65", name="browser_key"),
        CheckConstraint("octet_length(secret) = 16", name="secret"),
        CheckConstraint("octet_length(server_key) = 65", name="server_key"),
        Index(None, "endpoint", unique=True),
        Index(None, "user_id"),
        Index(None, "session_id", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    user_id: Mapped[str] = mapped_column(
        Text, ForeignKey("users.id", ondelete="CASCADE", onupdate="CASCADE")
    )
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    endpoint: Mapped[str] = mapped_column(Text)
    browser_key: Mapped[bytes] = mapped_column(LargeBinary)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    server_key: Mapped[bytes] = mapped_column(LargeBinary)
    time_zone: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class PushDelivery(Base):
    """A message whose notice is still to be sent to a browser."""

    __tablename__ = "push_deliveries"
    __table_args__ = (Index(None, "message_id"),)

    subscription_id: Mapped[UUID] = mapped_column(
        ForeignKey("push_subscriptions.id", ondelete="CASCADE"), primary_key=True
    )
    message_id: Mapped[UUID] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )


class PushPosition(Base):
    """Up to which event of the log deliveries have been made: one row, once somebody subscribes."""

    __tablename__ = "push_position"
    __table_args__ = (CheckConstraint("is_only", name="is_only"),)

    is_only: Mapped[bool] = mapped_column(Boolean, primary_key=True, server_default=true())
    event_id: Mapped[int] = mapped_column(BigInteger)
