"""The words of archival passages, parsed once

Revision ID: 0013
Revises: 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE archival_words (
        passage_id uuid NOT NULL,
        agent_id text NOT NULL,
        created_at timestamptz NOT NULL,
        words tsvector NOT NULL,
        CONSTRAINT pk_archival_words PRIMARY KEY (passage_id),
        CONSTRAINT fk_archival_words_passage_id FOREIGN KEY (passage_id)
            REFERENCES archival_passages (id) ON DELETE CASCADE
    )
    """,
    """
    INSERT INTO archival_words (passage_id, agent_id, created_at, words)
    SELECT id, agent_id, created_at, to_tsvector('english', content) FROM archival_passages
    """,
    "CREATE INDEX ix_archival_words_page ON archival_words (agent_id, created_at, passage_id)",
    "CREATE INDEX ix_archival_words_words ON archival_words USING gin (words)",
    "DROP INDEX ix_archival_passages_search",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE archival_words")
    op.execute(
        "CREATE INDEX ix_archival_passages_search ON archival_passages"
        " USING gin (to_tsvector('english', content))"
    )
