"""Keep what each user has read in their inbox

Revision ID: 0052
Revises: 0051
"""

from alembic import op

revision = "0052"
down_revision = "0051"
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
NEW_KIND = "inbox.changed"

STATEMENTS = (
    """
    CREATE TABLE mention_marks (
        message_id uuid NOT NULL,
        user_id text NOT NULL,
        is_read boolean NOT NULL,
        CONSTRAINT pk_mention_marks PRIMARY KEY (message_id, user_id),
        CONSTRAINT fk_mention_marks_mention FOREIGN KEY (message_id, user_id)
            REFERENCES mentions (message_id, user_id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_mention_marks_unread ON mention_marks (user_id) WHERE NOT is_read",
    # Of channels that a user is not in any more, or never was, nothing is unread.
    """
    INSERT INTO mention_marks (message_id, user_id, is_read)
    SELECT m.message_id, m.user_id, true FROM mentions m
    WHERE m.message_id = m.root_id AND NOT EXISTS (
        SELECT FROM read_cursors c WHERE c.channel_id = m.channel_id AND c.user_id = m.user_id
    ) AND NOT EXISTS (
        SELECT FROM channel_members c WHERE c.channel_id = m.channel_id AND c.user_id = m.user_id
    )
    """,
    """
    CREATE TABLE reacted_messages (
        message_id uuid NOT NULL,
        user_id text NOT NULL,
        channel_id text NOT NULL,
        reacted_at timestamptz NOT NULL,
        read_at timestamptz,
        CONSTRAINT pk_reacted_messages PRIMARY KEY (message_id),
        CONSTRAINT fk_reacted_messages_message_id FOREIGN KEY (message_id)
            REFERENCES messages (id) ON DELETE CASCADE
    )
    """,
    # What was there before the inbox counts as read.
    """
    INSERT INTO reacted_messages (message_id, user_id, channel_id, reacted_at, read_at)
    SELECT m.id, m.user_id, m.channel_id, max(r.created_at), max(r.created_at)
    FROM reactions r JOIN messages m ON m.id = r.message_id
    WHERE r.user_id <> m.user_id GROUP BY m.id
    """,
    """
    CREATE INDEX ix_reacted_messages_newest
    ON reacted_messages (user_id, reacted_at, message_id)
    """,
    """
    CREATE INDEX ix_reacted_messages_unread ON reacted_messages (user_id)
    WHERE read_at IS NULL OR read_at < reacted_at
    """,
)


def allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute("ALTER TABLE events DROP CONSTRAINT ck_events_kind")
    op.execute(f"ALTER TABLE events ADD CONSTRAINT ck_events_kind CHECK (kind IN ({listed}))")


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    before = KINDS.index("preferences.changed")
    allow((*KINDS[:before], NEW_KIND, *KINDS[before:]))


def downgrade() -> None:
    op.execute(f"DELETE FROM events WHERE kind = '{NEW_KIND}'")
    allow(KINDS)
    op.execute("DROP TABLE reacted_messages")
    op.execute("DROP TABLE mention_marks")
