"""Agents (story 1.2)

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agents",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("avatar_color", sa.Text, nullable=False),
        sa.Column("system_prompt", sa.Text, nullable=False),
        sa.Column("model_id", sa.Text, nullable=False, server_default="claude-sonnet-4-5-20250929"),
        sa.Column("max_turns", sa.Integer, nullable=False, server_default="5"),
        sa.Column(
            "max_budget_usd", sa.REAL, nullable=False, server_default=sa.text("'0.10'::real")
        ),
        sa.Column("session_id", sa.Text),
        sa.Column("is_active", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_agents"),
        sa.CheckConstraint("max_turns >= 1", name=op.f("ck_agents_max_turns")),
        sa.CheckConstraint("max_budget_usd >= 0", name=op.f("ck_agents_max_budget_usd")),
    )


def downgrade() -> None:
    op.drop_table("agents")
