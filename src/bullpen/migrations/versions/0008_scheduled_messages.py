"""Scheduled messages (story 1.5)

Revision ID: 0008
Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
    CREATE TABLE scheduled_messages (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        agent_id text NOT NULL,
        trigger_at timestamptz NOT NULL,
        prompt text NOT NULL,
        target_channel_id text,
        status text NOT NULL DEFAULT 'pending',
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_scheduled_messages PRIMARY KEY (id),
        CONSTRAINT fk_scheduled_messages_agent_id FOREIGN KEY (agent_id)
            REFERENCES agents (id) ON DELETE CASCADE,
        CONSTRAINT ck_scheduled_messages_status
            CHECK (status IN ('pending', 'fired', 'cancelled'))
    )
    """)
    op.execute(
        "CREATE INDEX ix_scheduled_messages_agent_id ON scheduled_messages (agent_id, trigger_at)"
    )
    op.execute(
        "CREATE INDEX ix_scheduled_messages_due ON scheduled_messages (trigger_at)"
        " WHERE status = 'pending'"
    )


def downgrade() -> None:
    op.execute("DROP TABLE scheduled_messages")
