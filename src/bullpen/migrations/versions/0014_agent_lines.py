"""What agents say without a model

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agent_lines",
        sa.Column(
            "agent_id",
            sa.Text,
            sa.ForeignKey("agents.id", name="fk_agent_lines_agent_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("words", ARRAY(sa.Text), nullable=False),
        sa.Column("lines", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("agent_id", name="pk_agent_lines"),
    )


def downgrade() -> None:
    op.drop_table("agent_lines")
