"""Keep profile pictures and the workspace's icon

Revision ID: 0035
Revises: 0034
"""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

KINDS = (
    "message.created",
    "message.updated",
    "message.deleted",
    "reaction.added",
    "reaction.removed",
    "channel.created",
    "channel.updated",
    "channel.deleted",
    "member.added",
    "member.removed",
    "cursor.moved",
    "thread.read",
    "user.changed",
    "agent.typing",
    "agent.done",
    "run.created",
    "run.changed",
    "memory.changed",
    "reset",
)
WORKSPACE_CHANGED = "workspace.changed"

TABLES = (
    """
    CREATE TABLE user_pictures (
        user_id text NOT NULL,
        version text NOT NULL,
        content bytea NOT NULL,
        updated_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT pk_user_pictures PRIMARY KEY (user_id),
        CONSTRAINT ck_user_pictures_content CHECK (octet_length(content) <= 500000),
        CONSTRAINT fk_user_pictures_user_id FOREIGN KEY (user_id)
            REFERENCES users (id) ON UPDATE CASCADE ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE workspace_icon (
        workspace_id integer DEFAULT 1 NOT NULL,
        version text NOT NULL,
        content bytea NOT NULL,
        updated_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT pk_workspace_icon PRIMARY KEY (workspace_id),
        CONSTRAINT ck_workspace_icon_content CHECK (octet_length(content) <= 500000),
        CONSTRAINT fk_workspace_icon_workspace_id FOREIGN KEY (workspace_id)
            REFERENCES workspace (id) ON DELETE CASCADE
    )
    """,
)


def allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute("ALTER TABLE events DROP CONSTRAINT ck_events_kind")
    op.execute(f"ALTER TABLE events ADD CONSTRAINT ck_events_kind CHECK (kind IN ({listed}))")


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    allow((*KINDS[:-1], WORKSPACE_CHANGED, KINDS[-1]))


def downgrade() -> None:
    op.execute(f"DELETE FROM events WHERE kind = '{WORKSPACE_CHANGED}'")
    allow(KINDS)
    op.drop_table("workspace_icon")
    op.drop_table("user_pictures")
