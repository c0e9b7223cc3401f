"""Files that belong to messages, and their content in portions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from bullpen.kit.tables import Base


class File(Base):
    """A file belongs to its uploader until a message takes it, and goes with that message.

    `attempt` changes with every upload of the same file, so that an earlier one writes no more.
    """

    __tablename__ = "files"
    __table_args__ = (
        CheckConstraint("message_id IS NULL OR completed_at IS NOT NULL", name="complete"),
        CheckConstraint("(width IS NULL) = (height IS NULL)", name="dimensions"),
        CheckConstraint("size >= 0", name="size"),
        Index(None, "message_id", "place", postgresql_where=text("message_id IS NOT NULL")),
        Index(None, "touched_at", postgresql_where=text("message_id IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text, server_default="application/octet-stream")
    size: Mapped[int] = mapped_column(BigInteger, server_default="0")
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    thumbnail: Mapped[bytes | None] = mapped_column(LargeBinary)
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    place: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    attempt: Mapped[UUID] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    touched_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    completed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class FileChunk(Base):
    """A portion of a file's content; all but the last one have the same length.

    Of a text that is in a bucket only the beginning, for prompts.
    """

    __tablename__ = "file_chunks"

    file_id: Mapped[UUID] = mapped_column(
        ForeignKey("files.id", ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[int] = mapped_column(Integer, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class FileObjects(Base):
    """Where the bucket has a file's content. No row: it is in `file_chunks`."""

    __tablename__ = "file_objects"

    file_id: Mapped[UUID] = mapped_column(
        ForeignKey("files.id", ondelete="CASCADE"), primary_key=True
    )
    folder: Mapped[str] = mapped_column(Text)
    # Whether another database may have the same objects: they are not removed with this file.
    is_shared: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))


class RemovedObjects(Base):
    """The folder in the bucket of a file that is deleted, until its objects are, too."""

    __tablename__ = "removed_objects"

    folder: Mapped[str] = mapped_column(Text, primary_key=True)
    removed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class FileText(Base):
    """The text of a PDF in UTF-8, or why there is none. No row: nobody has read it yet."""

    __tablename__ = "file_texts"
    __table_args__ = (
        CheckConstraint("(content IS NULL) <> (problem IS NULL)", name="content"),
        CheckConstraint(
            "problem IN ('damaged', 'encrypted', 'scan', 'too_costly', 'too_large')",
            name="problem",
        ),
    )

    file_id: Mapped[UUID] = mapped_column(
        ForeignKey("files.id", ondelete="CASCADE"), primary_key=True
    )
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    problem: Mapped[str | None] = mapped_column(Text)


class AttachedWords(Base):
    """The words of the files of a message, for search. Null: nobody has read them yet."""

    __tablename__ = "attached_words"
    __table_args__ = (Index(None, "claimed_until", postgresql_where=text("words IS NULL")),)

    message_id: Mapped[UUID] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    words: Mapped[str | None] = mapped_column(TSVECTOR)
    claimed_until: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("'-infinity'")
    )
