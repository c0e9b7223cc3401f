"""Keep whom a message mentions

Revision ID: 0048
Revises: 0047
"""

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE mentions (
        message_id uuid NOT NULL,
        user_id text NOT NULL,
        channel_id text NOT NULL,
        root_id uuid NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_mentions PRIMARY KEY (message_id, user_id),
        CONSTRAINT fk_mentions_message_id FOREIGN KEY (message_id)
            REFERENCES messages (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_mentions_root_id ON mentions (root_id, user_id)",
    """
    CREATE INDEX ix_mentions_channel ON mentions (user_id, channel_id, created_at, message_id)
    WHERE message_id = root_id
    """,
    "CREATE INDEX ix_mentions_newest ON mentions (user_id, created_at, message_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE mentions")
