"""Remember in which channels people are or were

Revision ID: 0034
Revises: 0033
"""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE peopled_channels (
        channel_id text NOT NULL,
        CONSTRAINT pk_peopled_channels PRIMARY KEY (channel_id),
        CONSTRAINT fk_peopled_channels_channel_id FOREIGN KEY (channel_id)
            REFERENCES channels (id) ON DELETE CASCADE
    )
    """,
    """
    INSERT INTO peopled_channels (channel_id)
    SELECT m.channel_id FROM channel_members m JOIN people p ON p.id = m.user_id
    UNION SELECT m.channel_id FROM messages m JOIN people p ON p.id = m.user_id
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("peopled_channels")
