"""The log of what happened. Who gets a number, and when others hear of it, is in `sql/`."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from bullpen.events.kinds import KINDS
from bullpen.kit.tables import Base

LISTED = ", ".join(f"'{kind}'" for kind in KINDS)


class Event(Base):
    """Only ever added, and trimmed from its beginning.

    Users who may read `channel_id` may read it, and so may those in `user_ids`; with neither,
    everybody. No foreign keys: it outlives its subject.
    """

    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint(f"kind IN ({LISTED})", name="kind"),
        CheckConstraint("jsonb_typeof(payload) = 'object'", name="payload"),
        # From when on somebody may read a channel, which resuming has to know.
        Index(
            "ix_events_entries",
            "channel_id",
            "id",
            postgresql_where=text("kind IN ('channel.created', 'member.added')"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    channel_id: Mapped[str | None] = mapped_column(Text)
    user_ids: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
