"""What workspace the database holds

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workspace",
        sa.Column("id", sa.Integer, nullable=False, server_default="1", autoincrement=False),
        sa.Column("pack_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("default_user_id", sa.Text, nullable=False),
        sa.Column("session_key", sa.LargeBinary, nullable=False),
        sa.Column(
            "seeded_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_workspace"),
        sa.CheckConstraint("id = 1", name=op.f("ck_workspace_one")),
    )


def downgrade() -> None:
    op.drop_table("workspace")
