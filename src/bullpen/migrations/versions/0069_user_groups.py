"""Keep groups of members that a message can mention

Revision ID: 0069
Revises: 0068
"""

from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

KINDS = (
    "message.created",
    "message.updated",
    "message.deleted",
    "message.restored",
    "reaction.added",
    "reaction.removed",
    "channel.created",
    "channel.updated",
    "channel.deleted",
    "member.added",
    "member.removed",
    "cursor.moved",
    "thread.read",
    "thread.followed",
    "inbox.changed",
    "preferences.changed",
    "saved.changed",
    "scheduled.changed",
    "sidebar.changed",
    "notifications.changed",
    "user.changed",
    "agent.typing",
    "agent.done",
    "run.created",
    "run.changed",
    "pause.added",
    "pause.removed",
    "memory.changed",
    "workspace.changed",
    "reset",
)
NEW_KINDS = ("user_group.changed", "user_group.deleted")

STATEMENTS = (
    """
    CREATE TABLE user_groups (
        id uuid DEFAULT gen_random_uuid() NOT NULL,
        handle text NOT NULL,
        description text NOT NULL,
        CONSTRAINT pk_user_groups PRIMARY KEY (id),
        CONSTRAINT ck_user_groups_handle CHECK (char_length(handle) BETWEEN 1 AND 40),
        CONSTRAINT ck_user_groups_description CHECK (char_length(description) <= 200)
    )
    """,
    "CREATE UNIQUE INDEX ix_user_groups_handle ON user_groups (lower(handle))",
    """
    CREATE TABLE user_group_members (
        group_id uuid NOT NULL,
        user_id text NOT NULL,
        CONSTRAINT pk_user_group_members PRIMARY KEY (group_id, user_id),
        CONSTRAINT fk_user_group_members_group_id FOREIGN KEY (group_id)
            REFERENCES user_groups (id) ON DELETE CASCADE,
        CONSTRAINT fk_user_group_members_user_id FOREIGN KEY (user_id)
            REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE
    )
    """,
    "CREATE INDEX ix_user_group_members_user_id ON user_group_members (user_id)",
)


def allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute("ALTER TABLE events DROP CONSTRAINT ck_events_kind")
    op.execute(f"ALTER TABLE events ADD CONSTRAINT ck_events_kind CHECK (kind IN ({listed}))")


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    before = KINDS.index("agent.typing")
    allow((*KINDS[:before], *NEW_KINDS, *KINDS[before:]))


def downgrade() -> None:
    listed = ", ".join(f"'{kind}'" for kind in NEW_KINDS)
    op.execute(f"DELETE FROM events WHERE kind IN ({listed})")
    allow(KINDS)
    op.execute("DROP TABLE user_group_members")
    op.execute("DROP TABLE user_groups")
