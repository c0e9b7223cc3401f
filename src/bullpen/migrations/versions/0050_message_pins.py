"""Keep pinned messages

Revision ID: 0050
Revises: 0049
"""

from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE message_pins (
        message_id uuid NOT NULL,
        channel_id text NOT NULL,
        pinned_by text NOT NULL,
        pinned_at timestamptz DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_message_pins PRIMARY KEY (message_id),
        CONSTRAINT fk_message_pins_message_id FOREIGN KEY (message_id)
            REFERENCES messages (id) ON DELETE CASCADE,
        CONSTRAINT fk_message_pins_channel_id FOREIGN KEY (channel_id)
            REFERENCES channels (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_message_pins_channel_id_pinned_at ON message_pins (channel_id, pinned_at)
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("message_pins")
