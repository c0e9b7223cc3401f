"""Keep what a message said before each edit

Revision ID: 0036
Revises: 0035
"""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE earlier_texts (
        id uuid DEFAULT gen_random_uuid() NOT NULL,
        message_id uuid NOT NULL,
        text text NOT NULL,
        replaced_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_earlier_texts PRIMARY KEY (id),
        CONSTRAINT fk_earlier_texts_message_id FOREIGN KEY (message_id)
            REFERENCES messages (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_earlier_texts_message_id_replaced_at
    ON earlier_texts (message_id, replaced_at)
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("earlier_texts")
