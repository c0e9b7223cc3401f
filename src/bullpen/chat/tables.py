"""Messages, reactions and how far each user has read. What columns cannot say is in `sql/`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from bullpen.kit.tables import Base


class Message(Base):
    __tablename__ = "messages"
    __table_args__ = (
        Index(None, "channel_id", "created_at"),
        Index(None, "parent_message_id"),
        # The two pages people read, each in its total order.
        Index(
            "ix_messages_page",
            "channel_id",
            "created_at",
            "id",
            postgresql_where=text("parent_message_id IS NULL"),
        ),
        Index(
            "ix_messages_thread",
            "parent_message_id",
            "created_at",
            "id",
            postgresql_where=text("parent_message_id IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    channel_id: Mapped[str] = mapped_column(Text, ForeignKey("channels.id", ondelete="CASCADE"))
    parent_message_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE")
    )
    user_id: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class ChannelReply(Base):
    """A reply that the list of its channel shows, too.

    Beside the messages: most have no row, and posting them costs nothing.
    """

    __tablename__ = "channel_replies"
    __table_args__ = (Index("ix_channel_replies_page", "channel_id", "created_at", "message_id"),)

    message_id: Mapped[UUID] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    channel_id: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class DeletedMessage(Base):
    """A message that its author has deleted and can still bring back, with all that went with it.

    It is kept as JSON, so that nothing else finds it, and for seconds only.
    """

    __tablename__ = "deleted_messages"
    __table_args__ = (Index(None, "channel_id"), Index(None, "undo_until"))

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    channel_id: Mapped[str] = mapped_column(Text, ForeignKey("channels.id", ondelete="CASCADE"))
    deleted_by: Mapped[str] = mapped_column(Text)
    undo_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    kept: Mapped[dict[str, object]] = mapped_column(JSONB)


class MessageWords(Base):
    """The words of a message, written by the database: to split a text costs more than to search
    it. What a search is narrowed by stands beside them."""

    __tablename__ = "message_words"
    __table_args__ = (
        Index("ix_message_words_time", "created_at", "message_id"),
        # What waits to be sorted in is sorted in by the next post, so it must not be much.
        Index(
            None,
            "words",
            postgresql_using="gin",
            postgresql_with={"gin_pending_list_limit": "256"},
        ),
    )

    message_id: Mapped[UUID] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    channel_id: Mapped[str] = mapped_column(Text)
    user_id: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    words: Mapped[str] = mapped_column(TSVECTOR)


class MessageEdit(Base):
    """When a message was edited last; one that never was has no row."""

    __tablename__ = "message_edits"

    message_id: Mapped[UUID] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    edited_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class EarlierText(Base):
    """What a message said until it was edited, written by a trigger. Goes with the message."""

    __tablename__ = "earlier_texts"
    __table_args__ = (Index(None, "message_id", "replaced_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class MessagePin(Base):
    """A message that is pinned in its channel."""

    __tablename__ = "message_pins"
    __table_args__ = (Index(None, "channel_id", "pinned_at"),)

    message_id: Mapped[UUID] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    channel_id: Mapped[str] = mapped_column(Text, ForeignKey("channels.id", ondelete="CASCADE"))
    pinned_by: Mapped[str] = mapped_column(Text)
    pinned_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class LinkPreview(Base):
    """What a page of the web said about itself when it was read; without a title, nothing.

    It is never changed once the page was read: messages that show it stay as they are. Until then
    the row is the claim of the process that reads the page.
    """

    __tablename__ = "link_previews"
    __table_args__ = (
        CheckConstraint("octet_length(url) <= 2000", name="url"),
        CheckConstraint(
            "num_nonnulls(title, description, site_name, picture) = 0"
            " OR (title IS NOT NULL AND fetched_at IS NOT NULL)",
            name="content",
        ),
        CheckConstraint("octet_length(picture) <= 200000", name="picture"),
        Index(None, "url", "fetched_at"),
        Index(
            "ix_link_previews_claim",
            "url",
            unique=True,
            postgresql_where=text("fetched_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    claimed_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    fetched_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    title: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    site_name: Mapped[str | None] = mapped_column(Text)
    picture: Mapped[bytes | None] = mapped_column(LargeBinary)


class MessagePreview(Base):
    """A page that a message links to. One that its author has removed keeps its row, so that it
    does not come back."""

    __tablename__ = "message_previews"
    __table_args__ = (Index(None, "preview_id"),)

    message_id: Mapped[UUID] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    preview_id: Mapped[UUID] = mapped_column(ForeignKey("link_previews.id"), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger)
    is_removed: Mapped[bool] = mapped_column(server_default=false())


class SavedMessage(Base):
    """A message that a user has saved for later. It stays when the message goes."""

    __tablename__ = "saved_messages"
    __table_args__ = (
        CheckConstraint("NOT is_due OR remind_at IS NOT NULL", name="due"),
        CheckConstraint("done_at IS NULL OR remind_at IS NULL", name="done"),
        Index("ix_saved_messages_remind_at", "remind_at", postgresql_where=text("NOT is_due")),
    )

    user_id: Mapped[str] = mapped_column(
        Text, ForeignKey("users.id", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True
    )
    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    saved_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    remind_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    is_due: Mapped[bool] = mapped_column(server_default=false())
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ScheduledPost(Base):
    """A message that its author sends later, under the id that it has here.

    Its channel, thread and files may be gone by then: `refusal` says why it was not sent.
    """

    __tablename__ = "scheduled_posts"
    __table_args__ = (
        Index(None, "user_id", "send_at"),
        Index("ix_scheduled_posts_due", "send_at", postgresql_where=text("refusal IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(
        Text, ForeignKey("users.id", ondelete="CASCADE", onupdate="CASCADE")
    )
    channel_id: Mapped[str] = mapped_column(Text)
    parent_message_id: Mapped[UUID | None]
    text: Mapped[str] = mapped_column(Text)
    file_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    send_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    refusal: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class ScheduledChannelReply(Base):
    """A scheduled reply that is to be sent to its channel, too."""

    __tablename__ = "scheduled_channel_replies"

    post_id: Mapped[UUID] = mapped_column(
        ForeignKey("scheduled_posts.id", ondelete="CASCADE"), primary_key=True
    )


class Reaction(Base):
    __tablename__ = "reactions"
    __table_args__ = (
        UniqueConstraint("message_id", "user_id", "emoji"),
        Index(None, "message_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    user_id: Mapped[str] = mapped_column(Text)
    emoji: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class ReadCursor(Base):
    """Everything of a channel up to and including (created_at, message_id) has been read.

    The values, not a reference: deleting the message must not make the rest unread.
    """

    __tablename__ = "read_cursors"

    user_id: Mapped[str] = mapped_column(Text, primary_key=True)
    channel_id: Mapped[str] = mapped_column(
        Text, ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True
    )
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    message_id: Mapped[UUID] = mapped_column()


class ThreadCursor(Base):
    """Replies of a thread up to and including (created_at, message_id) have been read.

    A row is there for who began the thread or replied in it. It is only written while holding the
    log lock.
    """

    __tablename__ = "thread_cursors"
    __table_args__ = (Index(None, "root_id"),)

    user_id: Mapped[str] = mapped_column(Text, primary_key=True)
    root_id: Mapped[UUID] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    message_id: Mapped[UUID] = mapped_column()


class ThreadFollow(Base):
    """What a user has chosen for a thread; without a row, they follow it if they take part in it.

    It is only written while holding the log lock.
    """

    __tablename__ = "thread_follows"
    __table_args__ = (Index(None, "root_id"),)

    user_id: Mapped[str] = mapped_column(Text, primary_key=True)
    root_id: Mapped[UUID] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    is_followed: Mapped[bool] = mapped_column()


class Mention(Base):
    """Somebody whom a message of another user named when it was posted.

    `root_id` is the first message of its thread. It is the message itself outside of threads, and
    for a reply that is also in its channel: there it is read.
    """

    __tablename__ = "mentions"
    __table_args__ = (
        Index("ix_mentions_root_id", "root_id", "user_id"),
        Index(
            "ix_mentions_channel",
            "user_id",
            "channel_id",
            "created_at",
            "message_id",
            postgresql_where=text("message_id = root_id"),
        ),
        Index("ix_mentions_newest", "user_id", "created_at", "message_id"),
    )

    message_id: Mapped[UUID] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(Text, primary_key=True)
    channel_id: Mapped[str] = mapped_column(Text)
    root_id: Mapped[UUID] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class GroupMention(Base):
    """A mention of one of those for whom `@channel` or `@here` stood, and not by name.

    So is that of a member of a user group who was not in the channel.
    """

    __tablename__ = "group_mentions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["message_id", "user_id"],
            ["mentions.message_id", "mentions.user_id"],
            name="fk_group_mentions_mention",
            ondelete="CASCADE",
        ),
    )

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(Text, primary_key=True)


class MentionMark(Base):
    """How a user marked a mention in their inbox; without a mark, their read cursor decides."""

    __tablename__ = "mention_marks"
    __table_args__ = (
        ForeignKeyConstraint(
            ["message_id", "user_id"],
            ["mentions.message_id", "mentions.user_id"],
            name="fk_mention_marks_mention",
            ondelete="CASCADE",
        ),
        Index("ix_mention_marks_unread", "user_id", postgresql_where=text("NOT is_read")),
    )

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(Text, primary_key=True)
    is_read: Mapped[bool] = mapped_column()


class ReactedMessage(Base):
    """A message that others have reacted to, for its author's inbox. Written by a trigger.

    `reacted_at` is the time of the newest of these reactions; they are read up to `read_at`.
    """

    __tablename__ = "reacted_messages"
    __table_args__ = (
        Index("ix_reacted_messages_newest", "user_id", "reacted_at", "message_id"),
        Index(
            "ix_reacted_messages_unread",
            "user_id",
            postgresql_where=text("read_at IS NULL OR read_at < reacted_at"),
        ),
    )

    message_id: Mapped[UUID] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(Text)
    channel_id: Mapped[str] = mapped_column(Text)
    reacted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    read_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class MessageRetention(Base):
    """How many days messages are kept; null days mean forever.

    The row without a channel is the workspace's, for channels that have no row of their own.
    """

    __tablename__ = "message_retention"
    __table_args__ = (
        UniqueConstraint("channel_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("days BETWEEN 1 AND 36500", name="days"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    channel_id: Mapped[str | None] = mapped_column(
        Text, ForeignKey("channels.id", ondelete="CASCADE")
    )
    days: Mapped[int | None] = mapped_column(Integer)
