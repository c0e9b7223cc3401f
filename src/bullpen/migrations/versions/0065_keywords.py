"""Keep of which words each member is notified

Revision ID: 0065
Revises: 0064
"""

from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE notification_keywords (
    user_id text NOT NULL,
    keywords text[] NOT NULL,
    CONSTRAINT pk_notification_keywords PRIMARY KEY (user_id),
    CONSTRAINT ck_notification_keywords_keywords CHECK (cardinality(keywords) BETWEEN 1 AND 50),
    CONSTRAINT fk_notification_keywords_user_id FOREIGN KEY (user_id)
        REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE
)
"""


def upgrade() -> None:
    op.execute(TABLE)


def downgrade() -> None:
    op.execute("DROP TABLE notification_keywords")
