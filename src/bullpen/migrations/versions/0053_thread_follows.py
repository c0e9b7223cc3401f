"""Keep which threads each user has chosen to follow, or not to

Revision ID: 0053
Revises: 0052
"""

from alembic import op

revision = "0053"
down_revision = "0052"
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
NEW_KIND = "thread.followed"

TABLE = """
CREATE TABLE thread_follows (
    user_id text NOT NULL,
    root_id uuid NOT NULL,
    is_followed boolean NOT NULL,
    CONSTRAINT pk_thread_follows PRIMARY KEY (user_id, root_id),
    CONSTRAINT fk_thread_follows_root_id FOREIGN KEY (root_id)
        REFERENCES messages (id) ON DELETE CASCADE
)
"""


def allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute("ALTER TABLE events DROP CONSTRAINT ck_events_kind")
    op.execute(f"ALTER TABLE events ADD CONSTRAINT ck_events_kind CHECK (kind IN ({listed}))")


def upgrade() -> None:
    op.execute(TABLE)
    op.execute("CREATE INDEX ix_thread_follows_root_id ON thread_follows (root_id)")
    before = KINDS.index("inbox.changed")
    allow((*KINDS[:before], NEW_KIND, *KINDS[before:]))


def downgrade() -> None:
    op.execute(f"DELETE FROM events WHERE kind = '{NEW_KIND}'")
    allow(KINDS)
    op.execute("DROP TABLE thread_follows")
