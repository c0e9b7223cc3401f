from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, Text, func
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
