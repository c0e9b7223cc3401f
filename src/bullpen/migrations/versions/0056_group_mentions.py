"""Keep which mentions are of a group

Revision ID: 0056
Revises: 0055
"""

from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE group_mentions (
    message_id uuid NOT NULL,
    user_id text NOT NULL,
    CONSTRAINT pk_group_mentions PRIMARY KEY (message_id, user_id),
    CONSTRAINT fk_group_mentions_mention FOREIGN KEY (message_id, user_id)
        REFERENCES mentions (message_id, user_id) ON DELETE CASCADE
)
"""


def upgrade() -> None:
    op.execute(TABLE)


def downgrade() -> None:
    op.execute("DROP TABLE group_mentions")
