"""Conversations that a person has started

Revision ID: 0029
Revises: 0028
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE run_details DROP CONSTRAINT fk_run_details_started_by")
    op.execute(
        "ALTER TABLE run_details ADD CONSTRAINT fk_run_details_started_by"
        " FOREIGN KEY (started_by) REFERENCES users (id) ON DELETE SET NULL"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE run_details DROP CONSTRAINT fk_run_details_started_by")
    # Before, only agents could be named.
    op.execute(
        "UPDATE run_details SET started_by = NULL"
        " WHERE started_by IS NOT NULL AND started_by NOT IN (SELECT id FROM agents)"
    )
    op.execute(
        "ALTER TABLE run_details ADD CONSTRAINT fk_run_details_started_by"
        " FOREIGN KEY (started_by) REFERENCES agents (id) ON DELETE SET NULL"
    )
