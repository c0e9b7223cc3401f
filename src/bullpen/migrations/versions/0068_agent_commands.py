"""Keep the commands that agents offer

Revision ID: 0068
Revises: 0065
"""

from alembic import op

revision = "0068"
down_revision = "0065"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE agent_commands (
    agent_id text NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    hint text NOT NULL,
    place smallint NOT NULL,
    CONSTRAINT pk_agent_commands PRIMARY KEY (agent_id, name),
    CONSTRAINT uq_agent_commands_agent_id_place UNIQUE (agent_id, place),
    CONSTRAINT ck_agent_commands_name CHECK (name ~ '^[a-z][a-z0-9_-]{0,31}$'),
    CONSTRAINT ck_agent_commands_description CHECK (char_length(description) BETWEEN 1 AND 200),
    CONSTRAINT ck_agent_commands_hint CHECK (char_length(hint) <= 80),
    CONSTRAINT ck_agent_commands_place CHECK (place BETWEEN 1 AND 50),
    CONSTRAINT fk_agent_commands_agent_id FOREIGN KEY (agent_id)
        REFERENCES agents (id) ON DELETE CASCADE
)
"""


def upgrade() -> None:
    op.execute(TABLE)


def downgrade() -> None:
    op.execute("DROP TABLE agent_commands")
