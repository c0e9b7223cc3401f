"""The log of events, and messages that are posted with theirs

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KINDS = (
    "'message.created', 'message.updated', 'message.deleted', 'reaction.added', "
    "'reaction.removed', 'channel.created', 'channel.updated', 'channel.deleted', "
    "'member.added', 'member.removed', 'cursor.moved', 'user.changed', 'agent.typing', "
    "'agent.done', 'run.created', 'run.changed', 'memory.changed', 'reset'"
)

# Later than in any log that this database has held before: a stream that comes back with a
# number from before a reset is behind, and never seems to be ahead.
START_NUMBERS = """
SELECT setval('events_id_seq', GREATEST(
    last_value, (extract(epoch FROM clock_timestamp()) * 1000)::bigint
)) FROM events_id_seq
"""


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("channel_id", sa.Text),
        sa.Column("user_ids", ARRAY(sa.Text)),
        sa.Column("payload", JSONB, nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_events_kind")),
        sa.CheckConstraint("jsonb_typeof(payload) = 'object'", name=op.f("ck_events_payload")),
    )
    op.create_index(
        "ix_events_entries",
        "events",
        ["channel_id", "id"],
        postgresql_where=sa.text("kind IN ('channel.created', 'member.added')"),
    )
    op.execute(START_NUMBERS)


def downgrade() -> None:
    op.drop_table("events")
