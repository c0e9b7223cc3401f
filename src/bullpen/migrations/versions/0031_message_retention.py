"""How long messages are kept, in the workspace and in channels

Revision ID: 0031
Revises: 0030
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE message_retention (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    channel_id text,
    days integer,
    CONSTRAINT pk_message_retention PRIMARY KEY (id),
    CONSTRAINT uq_message_retention_channel_id UNIQUE NULLS NOT DISTINCT (channel_id),
    CONSTRAINT ck_message_retention_days CHECK (days BETWEEN 1 AND 36500),
    CONSTRAINT fk_message_retention_channel_id FOREIGN KEY (channel_id)
        REFERENCES channels (id) ON DELETE CASCADE
)
"""


def upgrade() -> None:
    op.execute(TABLE)


def downgrade() -> None:
    op.execute("DROP TABLE message_retention")
