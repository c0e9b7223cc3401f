"""Keep the words of the files of messages, for search

Revision ID: 0070
Revises: 0069
"""

from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE attached_words (
    message_id uuid NOT NULL,
    words tsvector,
    claimed_until timestamptz DEFAULT '-infinity' NOT NULL,
    CONSTRAINT pk_attached_words PRIMARY KEY (message_id),
    CONSTRAINT fk_attached_words_message_id FOREIGN KEY (message_id)
        REFERENCES messages (id) ON DELETE CASCADE
)
"""
INDEX = """
CREATE INDEX ix_attached_words_claimed_until ON attached_words (claimed_until) WHERE words IS NULL
"""
# The server reads them once it runs.
FILES = """
INSERT INTO attached_words (message_id)
SELECT DISTINCT message_id FROM files WHERE message_id IS NOT NULL
"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute(INDEX)
    op.execute(FILES)


def downgrade() -> None:
    op.execute("DROP TRIGGER IF EXISTS files_words ON files")
    op.execute("DROP TABLE attached_words")
