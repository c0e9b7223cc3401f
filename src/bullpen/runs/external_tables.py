"""Which agents answer through the API."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from bullpen.kit.tables import Base


class ExternalAgent(Base):
    """An agent whose mind runs elsewhere: no worker takes its runs."""

    __tablename__ = "external_agents"

    agent_id: Mapped[str] = mapped_column(
        Text, ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True
    )
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
