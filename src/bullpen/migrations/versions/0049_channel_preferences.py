"""Keep which channels each member has starred and muted

Revision ID: 0049
Revises: 0048
"""

from alembic import op

revision = "0049"
down_revision = "0048"
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
    "pause.added",
    "pause.removed",
    "memory.changed",
    "workspace.changed",
    "reset",
)
NEW_KIND = "preferences.changed"

TABLE = """
CREATE TABLE channel_preferences (
    channel_id text NOT NULL,
    user_id text NOT NULL,
    is_muted boolean NOT NULL DEFAULT false,
    is_starred boolean NOT NULL DEFAULT false,
    CONSTRAINT pk_channel_preferences PRIMARY KEY (channel_id, user_id),
    CONSTRAINT fk_channel_preferences_member FOREIGN KEY (channel_id, user_id)
        REFERENCES channel_members (channel_id, user_id) ON DELETE CASCADE
)
"""


def allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute("ALTER TABLE events DROP CONSTRAINT ck_events_kind")
    op.execute(f"ALTER TABLE events ADD CONSTRAINT ck_events_kind CHECK (kind IN ({listed}))")


def upgrade() -> None:
    op.execute(TABLE)
    op.execute("CREATE INDEX ix_channel_preferences_user_id ON channel_preferences (user_id)")
    before = KINDS.index("user.changed")
    allow((*KINDS[:before], NEW_KIND, *KINDS[before:]))


def downgrade() -> None:
    op.execute(f"DELETE FROM events WHERE kind = '{NEW_KIND}'")
    allow(KINDS)
    op.execute("DROP TABLE channel_preferences")
