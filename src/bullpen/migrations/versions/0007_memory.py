"""Memory blocks, who shares them, and archival passages (story 1.3)

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE memory_blocks (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        agent_id text NOT NULL,
        label text NOT NULL,
        content text NOT NULL,
        is_shared boolean NOT NULL DEFAULT false,
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_memory_blocks PRIMARY KEY (id),
        CONSTRAINT fk_memory_blocks_agent_id FOREIGN KEY (agent_id)
            REFERENCES agents (id) ON DELETE CASCADE
    )
    """,
    "CREATE UNIQUE INDEX ix_memory_blocks_agent_id_label ON memory_blocks (agent_id, label)",
    """
    CREATE TABLE shared_block_links (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        block_id uuid NOT NULL,
        agent_id text NOT NULL,
        CONSTRAINT pk_shared_block_links PRIMARY KEY (id),
        CONSTRAINT uq_shared_block_links_block_id_agent_id UNIQUE (block_id, agent_id),
        CONSTRAINT fk_shared_block_links_block_id FOREIGN KEY (block_id)
            REFERENCES memory_blocks (id) ON DELETE CASCADE,
        CONSTRAINT fk_shared_block_links_agent_id FOREIGN KEY (agent_id)
            REFERENCES agents (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_shared_block_links_agent_id ON shared_block_links (agent_id)",
    """
    CREATE TABLE archival_passages (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        agent_id text NOT NULL,
        content text NOT NULL,
        tags text[],
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_archival_passages PRIMARY KEY (id),
        CONSTRAINT fk_archival_passages_agent_id FOREIGN KEY (agent_id)
            REFERENCES agents (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_archival_passages_agent_id ON archival_passages (agent_id)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE archival_passages, shared_block_links, memory_blocks")
