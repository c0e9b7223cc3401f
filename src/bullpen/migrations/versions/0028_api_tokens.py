"""API tokens

Revision ID: 0028
Revises: 0027
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE api_tokens (
        id uuid DEFAULT gen_random_uuid() NOT NULL,
        user_id text NOT NULL,
        name text NOT NULL,
        token_hash bytea NOT NULL,
        prefix text NOT NULL,
        scopes text[] NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        created_by text,
        expires_at timestamptz,
        last_used_at timestamptz,
        last_used_address text,
        revoked_at timestamptz,
        CONSTRAINT pk_api_tokens PRIMARY KEY (id),
        CONSTRAINT fk_api_tokens_user_id FOREIGN KEY (user_id)
            REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
        CONSTRAINT ck_api_tokens_name CHECK (length(name) BETWEEN 1 AND 80),
        CONSTRAINT ck_api_tokens_token_hash CHECK (octet_length(token_hash) = 32),
        CONSTRAINT ck_api_tokens_scopes CHECK (
            scopes <@ ARRAY['read', 'write', 'admin', 'agent'] AND cardinality(scopes) > 0
        )
    )
    """,
    "CREATE UNIQUE INDEX ix_api_tokens_token_hash ON api_tokens (token_hash)",
    "CREATE INDEX ix_api_tokens_user_id ON api_tokens (user_id)",
    # From where a token was used on the last day, so that a day's first use is found.
    """
    CREATE TABLE api_token_uses (
        token_id uuid NOT NULL,
        address text NOT NULL,
        day date NOT NULL,
        CONSTRAINT pk_api_token_uses PRIMARY KEY (token_id, address, day),
        CONSTRAINT fk_api_token_uses_token_id FOREIGN KEY (token_id)
            REFERENCES api_tokens (id) ON DELETE CASCADE
    )
    """,
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE api_token_uses")
    op.execute("DROP TABLE api_tokens")
