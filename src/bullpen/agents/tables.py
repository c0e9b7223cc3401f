from typing import Any

from sqlalchemy import ForeignKey, Text
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
