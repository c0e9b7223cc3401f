"""What models think, as a sixth kind of run message

Revision ID: 0040
Revises: 0039
"""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

BEFORE = (
    "system_message",
    "user_message",
    "assistant_message",
    "tool_call_message",
    "tool_return_message",
)


def allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute(
        "ALTER TABLE run_messages DROP CONSTRAINT ck_run_messages_message_type,"
        f" ADD CONSTRAINT ck_run_messages_message_type CHECK (message_type IN ({listed}))"
    )


def upgrade() -> None:
    allow((*BEFORE, "thinking_message"))


def downgrade() -> None:
    """The older program has no kind for what a model thought: it reads it as what it said."""
    op.execute(
        """
        UPDATE run_messages
        SET message_type = 'assistant_message', content = 'Thinking: ' || content
        WHERE message_type = 'thinking_message'
        """
    )
    allow(BEFORE)
