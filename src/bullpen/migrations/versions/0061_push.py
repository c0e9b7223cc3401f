"""Keep which browsers are told of messages by Web Push

Revision ID: 0061
Revises: 0060
"""

from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE push_subscriptions (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        user_id text NOT NULL,
        session_id uuid,
        endpoint text NOT NULL,
        browser_key bytea NOT NULL,
        secret bytea NOT NULL,
        server_key bytea NOT NULL,
        time_zone text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        failures integer NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_push_subscriptions PRIMARY KEY (id),
        CONSTRAINT ck_push_subscriptions_endpoint CHECK (length(endpoint) <= 1000),
        CONSTRAINT ck_push_subscriptions_browser_key CHECK (octet_length(browser_key) = 65),
        CONSTRAINT ck_push_subscriptions_secret CHECK (octet_length(secret) = 16),
        CONSTRAINT ck_push_subscriptions_server_key CHECK (octet_length(server_key) = 65),
        CONSTRAINT fk_push_subscriptions_user_id FOREIGN KEY (user_id)
            REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
        CONSTRAINT fk_push_subscriptions_session_id FOREIGN KEY (session_id)
            REFERENCES sessions (id) ON DELETE CASCADE
    )
    """,
    "CREATE UNIQUE INDEX ix_push_subscriptions_endpoint ON push_subscriptions (endpoint)",
    "CREATE UNIQUE INDEX ix_push_subscriptions_session_id ON push_subscriptions (session_id)",
    "CREATE INDEX ix_push_subscriptions_user_id ON push_subscriptions (user_id)",
    """
    CREATE TABLE push_deliveries (
        subscription_id uuid NOT NULL,
        message_id uuid NOT NULL,
        CONSTRAINT pk_push_deliveries PRIMARY KEY (subscription_id, message_id),
        CONSTRAINT fk_push_deliveries_subscription_id FOREIGN KEY (subscription_id)
            REFERENCES push_subscriptions (id) ON DELETE CASCADE,
        CONSTRAINT fk_push_deliveries_message_id FOREIGN KEY (message_id)
            REFERENCES messages (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_push_deliveries_message_id ON push_deliveries (message_id)",
    """
    CREATE TABLE push_position (
        is_only boolean NOT NULL DEFAULT true,
        event_id bigint NOT NULL,
        CONSTRAINT pk_push_position PRIMARY KEY (is_only),
        CONSTRAINT ck_push_position_is_only CHECK (is_only)
    )
    """,
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE push_deliveries")
    op.execute("DROP TABLE push_subscriptions")
    op.execute("DROP TABLE push_position")
