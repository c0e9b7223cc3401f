"""Up to when digests have covered each person's messages, and when the next one is due."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Index, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from bullpen.kit.tables import Base


class Digest(Base):
    """A person who gets digests. Messages until `covered_until` are in no later one."""

    __tablename__ = "digests"
    __table_args__ = (Index(None, "due_at"),)

    user_id: Mapped[str] = mapped_column(
        Text, ForeignKey("users.id", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True
    )
    covered_until: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
