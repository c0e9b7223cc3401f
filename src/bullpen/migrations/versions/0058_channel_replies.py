"""Show replies in the list of their channel, too, where their authors chose that

Revision ID: 0058
Revises: 0057
"""

from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE channel_replies (
        message_id uuid NOT NULL,
        channel_id text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_channel_replies PRIMARY KEY (message_id),
        CONSTRAINT fk_channel_replies_message_id FOREIGN KEY (message_id)
            REFERENCES messages (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_channel_replies_page ON channel_replies (channel_id, created_at, message_id)",
    """
    CREATE TABLE scheduled_channel_replies (
        post_id uuid NOT NULL,
        CONSTRAINT pk_scheduled_channel_replies PRIMARY KEY (post_id),
        CONSTRAINT fk_scheduled_channel_replies_post_id FOREIGN KEY (post_id)
            REFERENCES scheduled_posts (id) ON DELETE CASCADE
    )
    """,
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    # Such replies are in their threads alone again, and so are mentions in them.
    op.execute(
        "UPDATE mentions SET root_id = m.parent_message_id FROM messages m"
        " JOIN channel_replies also ON also.message_id = m.id WHERE m.id = mentions.message_id"
    )
    op.execute("DROP TABLE scheduled_channel_replies")
    op.execute("DROP TABLE channel_replies")
