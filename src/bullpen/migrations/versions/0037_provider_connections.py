"""Keep keys of model providers, and which agents were deleted

Revision ID: 0037
Revises: 0036
"""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

CREATE = """
CREATE TABLE provider_connections (
    provider_id text NOT NULL,
    encrypted_key bytea,
    last_characters text,
    base_url text,
    entered_by text NOT NULL,
    entered_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT pk_provider_connections PRIMARY KEY (provider_id),
    CONSTRAINT ck_provider_connections_fields CHECK (
        (encrypted_key IS NULL) = (last_characters IS NULL)
        AND (encrypted_key IS NOT NULL OR base_url IS NOT NULL)
    )
)
"""
CREATE_DELETED = """
CREATE TABLE deleted_agents (
    agent_id text NOT NULL,
    deleted_by text NOT NULL,
    deleted_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT pk_deleted_agents PRIMARY KEY (agent_id),
    CONSTRAINT fk_deleted_agents_agent_id FOREIGN KEY (agent_id)
        REFERENCES agents (id) ON DELETE CASCADE
)
"""


def upgrade() -> None:
    op.execute(CREATE)
    op.execute(CREATE_DELETED)


def downgrade() -> None:
    op.drop_table("deleted_agents")
    op.drop_table("provider_connections")
