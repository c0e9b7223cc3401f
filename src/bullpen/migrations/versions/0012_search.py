"""Search in messages

Revision ID: 0012
Revises: 0011
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX ix_messages_search ON messages"
        " USING gin (to_tsvector('english', text)) WITH (gin_pending_list_limit = 256)"
    )
    op.create_index("ix_messages_time", "messages", ["created_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_messages_time", "messages")
    op.drop_index("ix_messages_search", "messages")
