"""What runs and plans tell of a private channel stays its readers', also when it is gone

Revision ID: 0017
Revises: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE run_reaches (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        run_id uuid NOT NULL,
        channel_id text,
        step_number integer NOT NULL,
        CONSTRAINT pk_run_reaches PRIMARY KEY (id),
        CONSTRAINT uq_run_reaches_run_id_channel_id UNIQUE (run_id, channel_id),
        CONSTRAINT fk_run_reaches_run_id FOREIGN KEY (run_id)
            REFERENCES runs (id) ON DELETE CASCADE,
        CONSTRAINT fk_run_reaches_channel_id FOREIGN KEY (channel_id)
            REFERENCES channels (id) ON DELETE SET NULL
    )
    """,
    "CREATE INDEX ix_run_reaches_channel_id ON run_reaches (channel_id)",
)
GONE = "{0} IS NOT NULL AND NOT EXISTS (SELECT FROM channels c WHERE c.id = {0})"


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    # Of channels that were deleted until now nobody can see these.
    op.execute(f"DELETE FROM recurring_messages WHERE {GONE.format('target_channel_id')}")
    op.execute(f"DELETE FROM scheduled_messages WHERE {GONE.format('target_channel_id')}")
    op.execute(f"DELETE FROM runs WHERE {GONE.format('channel_id')}")


def downgrade() -> None:
    op.execute("DROP TABLE run_reaches")
