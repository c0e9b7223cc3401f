"""Keep deleted messages for a while, so that their deletion can be undone

Revision ID: 0060
Revises: 0059
"""

from alembic import op

revision = "0060"
down_revision = "0059"
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
NEW_KIND = "message.restored"

TABLE = (
    """
    CREATE TABLE deleted_messages (
        message_id uuid NOT NULL,
        channel_id text NOT NULL,
        deleted_by text NOT NULL,
        undo_until timestamptz NOT NULL,
        kept jsonb NOT NULL,
        CONSTRAINT pk_deleted_messages PRIMARY KEY (message_id),
        CONSTRAINT fk_deleted_messages_channel_id FOREIGN KEY (channel_id)
            REFERENCES channels (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_deleted_messages_channel_id ON deleted_messages (channel_id)",
    "CREATE INDEX ix_deleted_messages_undo_until ON deleted_messages (undo_until)",
)


def allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute("ALTER TABLE events DROP CONSTRAINT ck_events_kind")
    op.execute(f"ALTER TABLE events ADD CONSTRAINT ck_events_kind CHECK (kind IN ({listed}))")


def upgrade() -> None:
    for statement in TABLE:
        op.execute(statement)
    before = KINDS.index("reaction.added")
    allow((*KINDS[:before], NEW_KIND, *KINDS[before:]))


def downgrade() -> None:
    op.execute(f"DELETE FROM events WHERE kind = '{NEW_KIND}'")
    allow(KINDS)
    op.execute("DROP TABLE deleted_messages")
