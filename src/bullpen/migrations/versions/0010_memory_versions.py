"""Every version of a memory block, its size limit, and search in archives

Revision ID: 0010
Revises: 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    ALTER TABLE memory_blocks
        ADD CONSTRAINT ck_memory_blocks_content CHECK (char_length(content) <= 10000)
    """,
    """
    CREATE TABLE memory_block_versions (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        block_id uuid NOT NULL,
        version integer NOT NULL,
        content text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        user_id text,
        run_id uuid,
        CONSTRAINT pk_memory_block_versions PRIMARY KEY (id),
        CONSTRAINT uq_memory_block_versions_block_id_version UNIQUE (block_id, version),
        CONSTRAINT fk_memory_block_versions_block_id FOREIGN KEY (block_id)
            REFERENCES memory_blocks (id) ON DELETE CASCADE,
        CONSTRAINT fk_memory_block_versions_run_id FOREIGN KEY (run_id)
            REFERENCES runs (id) ON DELETE SET NULL
    )
    """,
    "CREATE INDEX ix_memory_block_versions_run_id ON memory_block_versions (run_id)",
    # Blocks that were there before have one version from now on.
    """
    INSERT INTO memory_block_versions (block_id, version, content, created_at)
    SELECT id, 1, content, updated_at FROM memory_blocks
    """,
    """
    CREATE INDEX ix_archival_passages_search ON archival_passages
    USING gin (to_tsvector('english', content))
    """,
    """
    CREATE INDEX ix_archival_passages_page ON archival_passages (agent_id, created_at, id)
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for statement in (
        "DROP INDEX ix_archival_passages_page, ix_archival_passages_search",
        "DROP TABLE memory_block_versions",
        "ALTER TABLE memory_blocks DROP CONSTRAINT ck_memory_blocks_content",
    ):
        op.execute(statement)
