"""Keep when and of what each member is notified

Revision ID: 0059
Revises: 0058
"""

from alembic import op

revision = "0059"
down_revision = "0058"
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
    "thread.followed",
    "inbox.changed",
    "preferences.changed",
    "saved.changed",
    "scheduled.changed",
    "sidebar.changed",
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
NEW_KIND = "notifications.changed"

TABLES = (
    """
    CREATE TABLE channel_notifications (
        channel_id text NOT NULL,
        user_id text NOT NULL,
        level text NOT NULL,
        CONSTRAINT pk_channel_notifications PRIMARY KEY (channel_id, user_id),
        CONSTRAINT ck_channel_notifications_level CHECK (level IN ('all', 'mentions', 'nothing')),
        CONSTRAINT fk_channel_notifications_member FOREIGN KEY (channel_id, user_id)
            REFERENCES channel_members (channel_id, user_id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_channel_notifications_user_id ON channel_notifications (user_id)",
    """
    CREATE TABLE notification_settings (
        user_id text NOT NULL,
        paused_until timestamptz,
        quiet_from text,
        quiet_until text,
        is_silent boolean NOT NULL,
        CONSTRAINT pk_notification_settings PRIMARY KEY (user_id),
        CONSTRAINT ck_notification_settings_quiet
            CHECK ((quiet_from IS NULL) = (quiet_until IS NULL)),
        CONSTRAINT ck_notification_settings_some CHECK (quiet_from <> quiet_until),
        CONSTRAINT fk_notification_settings_user_id FOREIGN KEY (user_id)
            REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE
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
    before = KINDS.index("user.changed")
    allow((*KINDS[:before], NEW_KIND, *KINDS[before:]))


def downgrade() -> None:
    op.execute(f"DELETE FROM events WHERE kind = '{NEW_KIND}'")
    allow(KINDS)
    op.execute("DROP TABLE channel_notifications")
    op.execute("DROP TABLE notification_settings")
