"""Read cursors, and the indexes of the two pages people read

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "read_cursors",
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("channel_id", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", UUID, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "channel_id", name="pk_read_cursors"),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.id"],
            name="fk_read_cursors_channel_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_messages_page",
        "messages",
        ["channel_id", "created_at", "id"],
        postgresql_where=sa.text("parent_message_id IS NULL"),
    )
    op.create_index(
        "ix_messages_thread",
        "messages",
        ["parent_message_id", "created_at", "id"],
        postgresql_where=sa.text("parent_message_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_messages_thread", "messages")
    op.drop_index("ix_messages_page", "messages")
    op.drop_table("read_cursors")
