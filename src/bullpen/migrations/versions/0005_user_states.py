"""Presence and status of users

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "user_states",
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("presence", sa.Text, nullable=False, server_default="offline"),
        sa.Column("status_emoji", sa.Text),
        sa.Column("status_text", sa.Text),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.PrimaryKeyConstraint("user_id", name="pk_user_states"),
        sa.CheckConstraint(
            "presence IN ('active', 'away', 'offline')", name=op.f("ck_user_states_presence")
        ),
        sa.CheckConstraint(
            "(status_emoji IS NULL) = (status_text IS NULL)", name=op.f("ck_user_states_status")
        ),
    )


def downgrade() -> None:
    op.drop_table("user_states")
