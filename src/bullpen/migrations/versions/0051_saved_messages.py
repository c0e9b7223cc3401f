"""Keep the messages that users have saved

Revision ID: 0051
Revises: 0050
"""

from alembic import op

revision = "0051"
down_revision = "0050"
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
    "preferences.changed",
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
NEW_KIND = "saved.changed"

STATEMENTS = (
    """
    CREATE TABLE saved_messages (
        user_id text NOT NULL,
        message_id uuid NOT NULL,
        saved_at timestamptz DEFAULT clock_timestamp() NOT NULL,
        remind_at timestamptz,
        is_due boolean DEFAULT false NOT NULL,
        done_at timestamptz,
        CONSTRAINT pk_saved_messages PRIMARY KEY (user_id, message_id),
        CONSTRAINT fk_saved_messages_user_id FOREIGN KEY (user_id)
            REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
        CONSTRAINT ck_saved_messages_due CHECK (NOT is_due OR remind_at IS NOT NULL),
        CONSTRAINT ck_saved_messages_done CHECK (done_at IS NULL OR remind_at IS NULL)
    )
    """,
    "CREATE INDEX ix_saved_messages_remind_at ON saved_messages (remind_at) WHERE NOT is_due",
)


def allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute("ALTER TABLE events DROP CONSTRAINT ck_events_kind")
    op.execute(f"ALTER TABLE events ADD CONSTRAINT ck_events_kind CHECK (kind IN ({listed}))")


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    before = KINDS.index("user.changed")
    allow((*KINDS[:before], NEW_KIND, *KINDS[before:]))


def downgrade() -> None:
    op.execute(f"DELETE FROM events WHERE kind = '{NEW_KIND}'")
    allow(KINDS)
    op.execute("DROP TABLE saved_messages")
