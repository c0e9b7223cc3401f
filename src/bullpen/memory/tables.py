"""What agents know: memory blocks and the archive. What columns cannot say is in `sql/`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from bullpen.kit.tables import Base
from bullpen.memory.limits import LONGEST_BLOCK


def agent_key() -> Mapped[str]:
    return mapped_column(Text, ForeignKey("agents.id", ondelete="CASCADE"))


class MemoryBlock(Base):
    __tablename__ = "memory_blocks"
    __table_args__ = (
        Index(None, "agent_id", "label", unique=True),
        CheckConstraint(f"char_length(content) <= {LONGEST_BLOCK}", name="content"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    agent_id: Mapped[str] = agent_key()
    label: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    is_shared: Mapped[bool] = mapped_column(server_default=text("false"))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class MemoryBlockVersion(Base):
    """Written by a trigger, so that every change of a block is recorded."""

    __tablename__ = "memory_block_versions"
    __table_args__ = (UniqueConstraint("block_id", "version"), Index(None, "run_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    block_id: Mapped[UUID] = mapped_column(ForeignKey("memory_blocks.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column()
    content: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    # The user who made the change; null where the row was written by hand. With a run, its agent.
    user_id: Mapped[str | None] = mapped_column(Text)
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id", ondelete="SET NULL"))


class SharedBlockLink(Base):
    __tablename__ = "shared_block_links"
    __table_args__ = (UniqueConstraint("block_id", "agent_id"), Index(None, "agent_id"))

    # Made by `kit.ids.new_id`, whose order is the order of linking.
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    block_id: Mapped[UUID] = mapped_column(ForeignKey("memory_blocks.id", ondelete="CASCADE"))
    agent_id: Mapped[str] = agent_key()


class ArchivalPassage(Base):
    __tablename__ = "archival_passages"
    __table_args__ = (
        Index(None, "agent_id"),
        Index("ix_archival_passages_page", "agent_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    agent_id: Mapped[str] = agent_key()
    content: Mapped[str] = mapped_column(Text)
    tags: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class PassagePlace(Base):
    """The private channel or DM whose readers a passage is kept for; others are everybody's."""

    __tablename__ = "passage_places"
    __table_args__ = (Index(None, "channel_id"),)

    passage_id: Mapped[UUID] = mapped_column(
        ForeignKey("archival_passages.id", ondelete="CASCADE"), primary_key=True
    )
    channel_id: Mapped[str] = mapped_column(Text, ForeignKey("channels.id", ondelete="CASCADE"))


class PrivateNote(Base):
    """What an agent noted in a private channel or DM: a companion of its block of that label.

    It is for the readers of that place. Of a shared block, the agent is the block's owner.
    """

    __tablename__ = "private_notes"
    __table_args__ = (
        UniqueConstraint("agent_id", "label", "channel_id"),
        Index(None, "channel_id"),
        CheckConstraint(f"char_length(content) <= {LONGEST_BLOCK}", name="content"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    agent_id: Mapped[str] = agent_key()
    label: Mapped[str] = mapped_column(Text)
    channel_id: Mapped[str] = mapped_column(Text, ForeignKey("channels.id", ondelete="CASCADE"))
    content: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(server_default="1")
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class PrivateNoteVersion(Base):
    """Added by the database itself, as versions of blocks are."""

    __tablename__ = "private_note_versions"
    __table_args__ = (UniqueConstraint("note_id", "version"), Index(None, "run_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    note_id: Mapped[UUID] = mapped_column(ForeignKey("private_notes.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column()
    content: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    # The user who made the change; with a run, its agent.
    user_id: Mapped[str | None] = mapped_column(Text)
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id", ondelete="SET NULL"))


class ArchivalWords(Base):
    """A passage's words, written by the database: to parse a text costs more than to search it."""

    __tablename__ = "archival_words"
    __table_args__ = (
        Index("ix_archival_words_page", "agent_id", "created_at", "passage_id"),
        Index(None, "words", postgresql_using="gin"),
    )

    passage_id: Mapped[UUID] = mapped_column(
        ForeignKey("archival_passages.id", ondelete="CASCADE"), primary_key=True
    )
    agent_id: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    words: Mapped[str] = mapped_column(TSVECTOR)
