"""Forget who connected a model or deleted an agent when that person is erased

Revision ID: 0043
Revises: 0042
"""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

COLUMNS = (("provider_connections", "entered_by"), ("deleted_agents", "deleted_by"))


def upgrade() -> None:
    for table, column in COLUMNS:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL")
        op.execute(
            f"UPDATE {table} SET {column} = NULL WHERE {column} NOT IN (SELECT id FROM users)"
        )
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT fk_{table}_{column} FOREIGN KEY ({column})"
            " REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE"
        )
        op.execute(f"CREATE INDEX ix_{table}_{column} ON {table} ({column})")


def downgrade() -> None:
    for table, column in COLUMNS:
        op.execute(f"DROP INDEX ix_{table}_{column}")
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT fk_{table}_{column}")
        op.execute(f"UPDATE {table} SET {column} = '' WHERE {column} IS NULL")
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL")
