"""Let a channel say which of its agents answer

Revision ID: 0038
Revises: 0037
"""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

# Channels without a row keep to what they did before: all agents are asked.
UPGRADE = (
    """
    CREATE TABLE channel_answering (
        channel_id text NOT NULL,
        policy text NOT NULL,
        host_id text,
        CONSTRAINT pk_channel_answering PRIMARY KEY (channel_id),
        CONSTRAINT fk_channel_answering_channel_id FOREIGN KEY (channel_id)
            REFERENCES channels (id) ON DELETE CASCADE,
        CONSTRAINT fk_channel_answering_host_id FOREIGN KEY (host_id)
            REFERENCES agents (id) ON DELETE SET NULL,
        CONSTRAINT ck_channel_answering_policy
            CHECK (policy IN ('all', 'best_fit', 'mentions', 'none'))
    )
    """,
    "CREATE INDEX ix_channel_answering_host_id ON channel_answering (host_id)",
    "ALTER TABLE channel_policies DROP CONSTRAINT ck_channel_policies_policy",
    """
    ALTER TABLE channel_policies ADD CONSTRAINT ck_channel_policies_policy
        CHECK (policy IN ('all', 'best_fit', 'mentions', 'none'))
    """,
    # Filled when the functions are applied.
    """
    CREATE TABLE agent_words (
        lexeme text NOT NULL,
        agent_id text NOT NULL,
        source text NOT NULL,
        weight real NOT NULL,
        CONSTRAINT pk_agent_words PRIMARY KEY (lexeme, agent_id, source),
        CONSTRAINT fk_agent_words_agent_id FOREIGN KEY (agent_id)
            REFERENCES agents (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_agent_words_agent_id_source ON agent_words (agent_id, source)",
    """
    CREATE TABLE run_decisions (
        run_id uuid NOT NULL,
        decision jsonb NOT NULL,
        CONSTRAINT pk_run_decisions PRIMARY KEY (run_id),
        CONSTRAINT fk_run_decisions_run_id FOREIGN KEY (run_id)
            REFERENCES runs (id) ON DELETE CASCADE
    )
    """,
)
DOWNGRADE = (
    "DROP TABLE run_decisions",
    "DROP TABLE agent_words",
    "UPDATE channel_policies SET policy = 'mentions' WHERE policy = 'best_fit'",
    "ALTER TABLE channel_policies DROP CONSTRAINT ck_channel_policies_policy",
    """
    ALTER TABLE channel_policies ADD CONSTRAINT ck_channel_policies_policy
        CHECK (policy IN ('all', 'mentions', 'none'))
    """,
    "DROP TABLE channel_answering",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
