"""Keep when messages were edited, how far each has read threads, and find cancelled runs

Revision ID: 0026
Revises: 0025
"""

from alembic import op

revision = "0026"
down_revision = "0025"
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
    "user.changed",
    "agent.typing",
    "agent.done",
    "run.created",
    "run.changed",
    "memory.changed",
    "reset",
)
THREAD_READ = "thread.read"

TABLES = (
    # Beside the messages: those that were never edited, which are most, take no room.
    """
    CREATE TABLE message_edits (
        message_id uuid NOT NULL,
        edited_at timestamptz NOT NULL,
        CONSTRAINT pk_message_edits PRIMARY KEY (message_id),
        CONSTRAINT fk_message_edits_message_id FOREIGN KEY (message_id)
            REFERENCES messages (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE thread_cursors (
        user_id text NOT NULL,
        root_id uuid NOT NULL,
        created_at timestamptz NOT NULL,
        message_id uuid NOT NULL,
        CONSTRAINT pk_thread_cursors PRIMARY KEY (user_id, root_id),
        CONSTRAINT fk_thread_cursors_root_id FOREIGN KEY (root_id)
            REFERENCES messages (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_thread_cursors_root_id ON thread_cursors (root_id)",
    """
    CREATE INDEX ix_runs_cancelled ON runs (trigger_message_id) WHERE status = 'cancelled'
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
    allow((*KINDS[:before], THREAD_READ, *KINDS[before:]))


def downgrade() -> None:
    op.execute(f"DELETE FROM events WHERE kind = '{THREAD_READ}'")
    allow(KINDS)
    op.execute("DROP INDEX ix_runs_cancelled")
    op.execute("DROP TABLE thread_cursors")
    op.execute("DROP TABLE message_edits")
