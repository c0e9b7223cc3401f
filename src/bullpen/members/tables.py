"""Users, the channels and who is in them. What the columns cannot say is in `sql/`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, REAL
from sqlalchemy.orm import Mapped, mapped_column

from bullpen.kit.tables import Base
from bullpen.members.defaults import DEFAULT_MODEL_ID


class Agent(Base):
    __tablename__ = "agents"
    __table_args__ = (
        CheckConstraint("max_turns >= 1", name="max_turns"),
        CheckConstraint("max_budget_usd >= 0", name="max_budget_usd"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    display_name: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    avatar_color: Mapped[str] = mapped_column(Text)
    system_prompt: Mapped[str] = mapped_column(Text)
    model_id: Mapped[str] = mapped_column(Text, server_default=DEFAULT_MODEL_ID)
    max_turns: Mapped[int] = mapped_column(server_default="5")
    max_budget_usd: Mapped[float] = mapped_column(REAL, server_default=text("'0.10'::real"))
    session_id: Mapped[str | None] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), onupdate=func.now()
    )


class User(Base):
    """What agents and people have in common, written by triggers on both. One namespace of ids."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("kind IN ('agent', 'person')", name="kind"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    display_name: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    avatar_color: Mapped[str] = mapped_column(Text)
    is_active: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Person(Base):
    """`email` and `role` matter where people sign in; `email` is unique in any letter case."""

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("role IN ('owner', 'admin', 'member', 'guest')", name="role"),
        Index("ix_people_email", text("lower(email)"), unique=True),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    display_name: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text, server_default="")
    avatar_color: Mapped[str] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text, server_default="member")
    time_zone: Mapped[str | None] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    last_seen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), onupdate=func.now()
    )


class UserPicture(Base):
    """A user's picture as it is served. Its version is the hash of its content."""

    __tablename__ = "user_pictures"
    __table_args__ = (CheckConstraint("octet_length(content) <= 500000", name="content"),)

    user_id: Mapped[str] = mapped_column(
        Text, ForeignKey("users.id", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True
    )
    version: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class UserGroup(Base):
    """Members that `@handle` mentions together. Nobody goes by the handle: a trigger sees to it."""

    __tablename__ = "user_groups"
    __table_args__ = (
        CheckConstraint("char_length(handle) BETWEEN 1 AND 40", name="handle"),
        CheckConstraint("char_length(description) <= 200", name="description"),
        Index("ix_user_groups_handle", text("lower(handle)"), unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    handle: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)


class UserGroupMember(Base):
    __tablename__ = "user_group_members"
    __table_args__ = (Index(None, "user_id"),)

    group_id: Mapped[UUID] = mapped_column(
        ForeignKey("user_groups.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(
        Text, ForeignKey("users.id", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True
    )


class AgentManager(Base):
    """The person who looks after an agent and may edit it."""

    __tablename__ = "agent_managers"
    __table_args__ = (Index(None, "person_id"),)

    agent_id: Mapped[str] = mapped_column(
        Text, ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[str] = mapped_column(Text, ForeignKey("people.id", ondelete="CASCADE"))


class AgentCommand(Base):
    """A command that an agent offers in the composer: `/name hint`. `place`: the agent's order."""

    __tablename__ = "agent_commands"
    __table_args__ = (
        UniqueConstraint("agent_id", "place"),
        CheckConstraint("name ~ '^[a-z][a-z0-9_-]{0,31}$'", name="name"),
        CheckConstraint("char_length(description) BETWEEN 1 AND 200", name="description"),
        CheckConstraint("char_length(hint) <= 80", name="hint"),
        CheckConstraint("place BETWEEN 1 AND 50", name="place"),
    )

    agent_id: Mapped[str] = mapped_column(
        Text, ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    description: Mapped[str] = mapped_column(Text)
    hint: Mapped[str] = mapped_column(Text)
    place: Mapped[int] = mapped_column(SmallInteger)


class DeletedAgent(Base):
    """An agent that was deleted for good. Its row in `agents` keeps the name for its messages."""

    __tablename__ = "deleted_agents"
    __table_args__ = (Index(None, "deleted_by"),)

    agent_id: Mapped[str] = mapped_column(
        Text, ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True
    )
    deleted_by: Mapped[str | None] = mapped_column(
        Text, ForeignKey("users.id", ondelete="SET NULL", onupdate="CASCADE")
    )
    deleted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Channel(Base):
    __tablename__ = "channels"
    __table_args__ = (
        CheckConstraint("kind IN ('public', 'private', 'dm', 'group_dm')", name="kind"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(Text, server_default="")


class ChannelMember(Base):
    __tablename__ = "channel_members"
    __table_args__ = (
        UniqueConstraint("channel_id", "user_id"),
        Index(None, "channel_id"),
        Index(None, "user_id"),
    )

    # Made by `kit.ids.new_id`, whose order is the order of joining.
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    channel_id: Mapped[str] = mapped_column(Text, ForeignKey("channels.id", ondelete="CASCADE"))
    user_id: Mapped[str] = mapped_column(Text)


class GroupDm(Base):
    """The members of a group direct message, sorted: each set of them has one conversation."""

    __tablename__ = "group_dms"
    __table_args__ = (UniqueConstraint("member_ids"),)

    channel_id: Mapped[str] = mapped_column(
        Text, ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True
    )
    member_ids: Mapped[list[str]] = mapped_column(ARRAY(Text))


class ChannelPreference(Base):
    """A member's star on a channel, and whether they have muted it. It goes with the membership."""

    __tablename__ = "channel_preferences"
    __table_args__ = (
        ForeignKeyConstraint(
            ["channel_id", "user_id"],
            ["channel_members.channel_id", "channel_members.user_id"],
            name="fk_channel_preferences_member",
            ondelete="CASCADE",
        ),
        Index(None, "user_id"),
    )

    channel_id: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[str] = mapped_column(Text, primary_key=True)
    is_muted: Mapped[bool] = mapped_column(server_default=false())
    is_starred: Mapped[bool] = mapped_column(server_default=false())


class ChannelNotification(Base):
    """Which messages of a channel a member is notified of, where they chose that."""

    __tablename__ = "channel_notifications"
    __table_args__ = (
        ForeignKeyConstraint(
            ["channel_id", "user_id"],
            ["channel_members.channel_id", "channel_members.user_id"],
            name="fk_channel_notifications_member",
            ondelete="CASCADE",
        ),
        CheckConstraint("level IN ('all', 'mentions', 'nothing')", name="level"),
        Index(None, "user_id"),
    )

    channel_id: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[str] = mapped_column(Text, primary_key=True)
    level: Mapped[str] = mapped_column(Text)


class NotificationSettings(Base):
    """When and how a member is notified. The hours of rest are `HH:MM` in their time zone."""

    __tablename__ = "notification_settings"
    __table_args__ = (
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet"),
        CheckConstraint("quiet_from <> quiet_until", name="some"),
    )

    user_id: Mapped[str] = mapped_column(
        Text, ForeignKey("users.id", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True
    )
    paused_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    quiet_from: Mapped[str | None] = mapped_column(Text)
    quiet_until: Mapped[str | None] = mapped_column(Text)
    is_silent: Mapped[bool] = mapped_column()


class DigestRhythm(Base):
    """How often a member gets e-mail digests, where that is not once a day."""

    __tablename__ = "digest_rhythms"
    __table_args__ = (CheckConstraint("rhythm IN ('off', 'hourly')", name="rhythm"),)

    user_id: Mapped[str] = mapped_column(
        Text, ForeignKey("users.id", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True
    )
    rhythm: Mapped[str] = mapped_column(Text)


class NotificationKeywords(Base):
    """Words of which a member is notified wherever they are written in their channels."""

    __tablename__ = "notification_keywords"
    __table_args__ = (CheckConstraint("cardinality(keywords) BETWEEN 1 AND 50", name="keywords"),)

    user_id: Mapped[str] = mapped_column(
        Text, ForeignKey("users.id", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True
    )
    keywords: Mapped[list[str]] = mapped_column(ARRAY(Text))


class SidebarLayout(Base):
    """How a member has arranged the sidebar: sections in their order, each with its channels."""

    __tablename__ = "sidebar_layouts"

    user_id: Mapped[str] = mapped_column(
        Text, ForeignKey("users.id", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True
    )
    sections: Mapped[Any] = mapped_column(JSONB)
    is_unread_only: Mapped[bool] = mapped_column()


POLICY = "policy IN ('all', 'best_fit', 'mentions', 'none')"


class ChannelAnswering(Base):
    """Which of a channel's agents answer, and its host. Without a row, all of them do."""

    __tablename__ = "channel_answering"
    __table_args__ = (CheckConstraint(POLICY, name="policy"), Index(None, "host_id"))

    channel_id: Mapped[str] = mapped_column(
        Text, ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True
    )
    policy: Mapped[str] = mapped_column(Text)
    host_id: Mapped[str | None] = mapped_column(Text, ForeignKey("agents.id", ondelete="SET NULL"))


class AgentWord(Base):
    """The words of an agent's name, title, persona and memory blocks, written by triggers.

    By them a message finds the agent that fits it. `source`: where the word stands.
    """

    __tablename__ = "agent_words"
    __table_args__ = (Index(None, "agent_id", "source"),)

    lexeme: Mapped[str] = mapped_column(Text, primary_key=True)
    agent_id: Mapped[str] = mapped_column(
        Text, ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True
    )
    source: Mapped[str] = mapped_column(Text, primary_key=True)
    weight: Mapped[float] = mapped_column(REAL)


class ChannelPolicy(Base):
    """What an agent answers in a channel; without one, what the channel says."""

    __tablename__ = "channel_policies"
    __table_args__ = (
        CheckConstraint(POLICY, name="policy"),
        Index(None, "agent_id"),
    )

    channel_id: Mapped[str] = mapped_column(
        Text, ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True
    )
    agent_id: Mapped[str] = mapped_column(
        Text, ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True
    )
    policy: Mapped[str] = mapped_column(Text)


class ArchivedChannel(Base):
    """A channel that nobody writes in any more. It may be restored, or deleted for good."""

    __tablename__ = "archived_channels"

    channel_id: Mapped[str] = mapped_column(
        Text, ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True
    )
    archived_by: Mapped[str] = mapped_column(Text)
    archived_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )


class PeopledChannel(Base):
    """A channel that a person is or was a member of. Written by a trigger, never taken back."""

    __tablename__ = "peopled_channels"

    channel_id: Mapped[str] = mapped_column(
        Text, ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True
    )


class Pause(Base):
    """Of an agent, of all agents in a channel or, with neither, of the workspace: none of their
    runs begin, and what is asked of them waits."""

    __tablename__ = "pauses"
    __table_args__ = (
        UniqueConstraint("agent_id", "channel_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("agent_id IS NULL OR channel_id IS NULL", name="one"),
        Index(None, "channel_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    agent_id: Mapped[str | None] = mapped_column(Text, ForeignKey("agents.id", ondelete="CASCADE"))
    channel_id: Mapped[str | None] = mapped_column(
        Text, ForeignKey("channels.id", ondelete="CASCADE")
    )
    paused_by: Mapped[str] = mapped_column(Text)
    paused_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    reason: Mapped[str] = mapped_column(Text, server_default="")


class UserState(Base):
    """Presence and status of a user; without a row they are offline."""

    __tablename__ = "user_states"
    __table_args__ = (
        CheckConstraint("presence IN ('active', 'away', 'offline')", name="presence"),
        CheckConstraint("(status_emoji IS NULL) = (status_text IS NULL)", name="status"),
    )

    user_id: Mapped[str] = mapped_column(Text, primary_key=True)
    presence: Mapped[str] = mapped_column(Text, server_default="offline")
    status_emoji: Mapped[str | None] = mapped_column(Text)
    status_text: Mapped[str | None] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), onupdate=func.now()
    )


class Workspace(Base):
    """One row: what the database holds, and the key that signs its sessions."""

    __tablename__ = "workspace"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, server_default="1", autoincrement=False)
    pack_id: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    default_user_id: Mapped[str] = mapped_column(Text)
    session_key: Mapped[bytes] = mapped_column(LargeBinary)
    seeded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class WorkspaceLinkPreviews(Base):
    """There is a row where the workspace shows previews of the pages that messages link to."""

    __tablename__ = "workspace_link_previews"

    workspace_id: Mapped[int] = mapped_column(
        ForeignKey("workspace.id", ondelete="CASCADE"),
        primary_key=True,
        server_default="1",
        autoincrement=False,
    )


class WorkspaceIcon(Base):
    """The workspace's icon as it is served. Its version is the hash of its content."""

    __tablename__ = "workspace_icon"
    __table_args__ = (CheckConstraint("octet_length(content) <= 500000", name="content"),)

    workspace_id: Mapped[int] = mapped_column(
        ForeignKey("workspace.id", ondelete="CASCADE"),
        primary_key=True,
        server_default="1",
        autoincrement=False,
    )
    version: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
