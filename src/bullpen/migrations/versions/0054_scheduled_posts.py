"""Keep messages that users send later

Revision ID: 0054
Revises: 0053
"""

from alembic import op

revision = "0054"
down_revision = "0053"
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
NEW_KIND = "scheduled.changed"

STATEMENTS = (
    """
    CREATE TABLE scheduled_posts (
        id uuid NOT NULL,
        user_id text NOT NULL,
        channel_id text NOT NULL,
        parent_message_id uuid,
        text text NOT NULL,
        file_ids uuid[] NOT NULL,
        send_at timestamptz NOT NULL,
        refusal text,
        created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_scheduled_posts PRIMARY KEY (id),
        CONSTRAINT fk_scheduled_posts_user_id FOREIGN KEY (user_id)
            REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE
    )
    """,
    "CREATE INDEX ix_scheduled_posts_user_id_send_at ON scheduled_posts (user_id, send_at)",
    "CREATE INDEX ix_scheduled_posts_due ON scheduled_posts (send_at) WHERE refusal IS NULL",
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
    op.execute("DROP TABLE scheduled_posts")
