"""Channels, their members, messages and reactions (story 1.4)

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channels",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_channels"),
        sa.CheckConstraint("kind IN ('public', 'private', 'dm')", name=op.f("ck_channels_kind")),
    )
    op.create_table(
        "channel_members",
        uuid_column(),
        sa.Column("channel_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_channel_members"),
        sa.UniqueConstraint("channel_id", "user_id", name="uq_channel_members_channel_id_user_id"),
        cascade("channel_members", "channel_id", "channels"),
    )
    op.create_index("ix_channel_members_channel_id", "channel_members", ["channel_id"])
    op.create_index("ix_channel_members_user_id", "channel_members", ["user_id"])
    op.create_table(
        "messages",
        uuid_column(),
        sa.Column("channel_id", sa.Text, nullable=False),
        sa.Column("parent_message_id", UUID),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        created_at(),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        cascade("messages", "channel_id", "channels"),
        cascade("messages", "parent_message_id", "messages"),
    )
    op.create_index("ix_messages_channel_id_created_at", "messages", ["channel_id", "created_at"])
    op.create_index("ix_messages_parent_message_id", "messages", ["parent_message_id"])
    op.create_table(
        "reactions",
        uuid_column(),
        sa.Column("message_id", UUID, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("emoji", sa.Text, nullable=False),
        created_at(),
        sa.PrimaryKeyConstraint("id", name="pk_reactions"),
        sa.UniqueConstraint(
            "message_id", "user_id", "emoji", name="uq_reactions_message_id_user_id_emoji"
        ),
        cascade("reactions", "message_id", "messages"),
    )
    op.create_index("ix_reactions_message_id", "reactions", ["message_id"])


def uuid_column() -> sa.Column[object]:
    return sa.Column("id", UUID, nullable=False, server_default=sa.func.gen_random_uuid())


def created_at() -> sa.Column[object]:
    return sa.Column(
        "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
    )


def cascade(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE"
    )


def downgrade() -> None:
    for table in ("reactions", "messages", "channel_members", "channels"):
        op.drop_table(table)
