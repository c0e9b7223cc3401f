"""External agents

Revision ID: 0033
Revises: 0032
"""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE external_agents (
            agent_id text NOT NULL,
            since timestamptz DEFAULT now() NOT NULL,
            CONSTRAINT pk_external_agents PRIMARY KEY (agent_id),
            CONSTRAINT fk_external_agents_agent_id FOREIGN KEY (agent_id)
                REFERENCES agents (id) ON DELETE CASCADE
        )
        """
    )


def downgrade() -> None:
    op.execute("DROP TABLE external_agents")
