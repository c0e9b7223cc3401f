"""People beside agents, one namespace of user ids, who manages agents, archived channels

Revision ID: 0027
Revises: 0026
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLES = (
    # What agents and people have in common, written by triggers on both tables.
    """
    CREATE TABLE users (
        id text NOT NULL,
        kind text NOT NULL,
        display_name text NOT NULL,
        title text NOT NULL,
        avatar_color text NOT NULL,
        is_active boolean NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_users PRIMARY KEY (id),
        CONSTRAINT ck_users_kind CHECK (kind IN ('agent', 'person'))
    )
    """,
    """
    INSERT INTO users (id, kind, display_name, title, avatar_color, is_active, created_at)
    SELECT id, 'agent', display_name, title, avatar_color, is_active, created_at FROM agents
    """,
    """
    CREATE TABLE people (
        id text NOT NULL,
        display_name text NOT NULL,
        title text DEFAULT '' NOT NULL,
        avatar_color text NOT NULL,
        email text,
        role text DEFAULT 'member' NOT NULL,
        time_zone text,
        is_active boolean DEFAULT true NOT NULL,
        last_seen_at timestamptz,
        created_at timestamptz DEFAULT now() NOT NULL,
        updated_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT pk_people PRIMARY KEY (id),
        CONSTRAINT ck_people_role CHECK (role IN ('owner', 'admin', 'member', 'guest'))
    )
    """,
    "CREATE UNIQUE INDEX ix_people_email ON people (lower(email))",
    # Beside the agents, whose columns are agreed on.
    """
    CREATE TABLE agent_managers (
        agent_id text NOT NULL,
        person_id text NOT NULL,
        CONSTRAINT pk_agent_managers PRIMARY KEY (agent_id),
        CONSTRAINT fk_agent_managers_agent_id FOREIGN KEY (agent_id)
            REFERENCES agents (id) ON DELETE CASCADE,
        CONSTRAINT fk_agent_managers_person_id FOREIGN KEY (person_id)
            REFERENCES people (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_agent_managers_person_id ON agent_managers (person_id)",
    """
    CREATE TABLE archived_channels (
        channel_id text NOT NULL,
        archived_by text NOT NULL,
        archived_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT pk_archived_channels PRIMARY KEY (channel_id),
        CONSTRAINT fk_archived_channels_channel_id FOREIGN KEY (channel_id)
            REFERENCES channels (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE audit_log (
        id bigint GENERATED ALWAYS AS IDENTITY,
        at timestamptz DEFAULT now() NOT NULL,
        actor_id text,
        action text NOT NULL,
        target_kind text,
        target_id text,
        details jsonb DEFAULT '{}' NOT NULL,
        address text,
        CONSTRAINT pk_audit_log PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX ix_audit_log_actor_id ON audit_log (actor_id, id)",
    "CREATE INDEX ix_audit_log_action ON audit_log (action, id)",
)
NAMES = ("audit_log", "archived_channels", "agent_managers", "people", "users")


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    for name in NAMES:
        op.execute(f"DROP TABLE {name}")
