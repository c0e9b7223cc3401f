"""The words of messages, split once and by a rule for all languages

Revision ID: 0024
Revises: 0023
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# The words themselves come from functions, so migrations/search_words.py fills the table.
UPGRADE = (
    "DROP INDEX ix_messages_search",
    "DROP INDEX ix_messages_time",
    """
    CREATE TABLE message_words (
        message_id uuid NOT NULL,
        channel_id text NOT NULL,
        user_id text NOT NULL,
        created_at timestamptz NOT NULL,
        words tsvector NOT NULL,
        CONSTRAINT pk_message_words PRIMARY KEY (message_id),
        CONSTRAINT fk_message_words_message_id FOREIGN KEY (message_id)
            REFERENCES messages (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_message_words_time ON message_words (created_at, message_id)",
    """
    CREATE INDEX ix_message_words_words ON message_words
    USING gin (words) WITH (gin_pending_list_limit = 256)
    """,
)
DOWNGRADE = (
    "DROP TABLE message_words",
    """
    UPDATE archival_words w SET words = to_tsvector('english', p.content)
    FROM archival_passages p WHERE p.id = w.passage_id
    """,
    "CREATE INDEX ix_messages_time ON messages (created_at, id)",
    """
    CREATE INDEX ix_messages_search ON messages
    USING gin (to_tsvector('english', text)) WITH (gin_pending_list_limit = 256)
    """,
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
