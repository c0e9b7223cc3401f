"""Tell people of unread messages by e-mail

Revision ID: 0071
Revises: 0070
"""

from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE digest_rhythms (
            user_id text NOT NULL,
            rhythm text NOT NULL,
            CONSTRAINT pk_digest_rhythms PRIMARY KEY (user_id),
            CONSTRAINT ck_digest_rhythms_rhythm CHECK (rhythm IN ('off', 'hourly')),
            CONSTRAINT fk_digest_rhythms_user_id FOREIGN KEY (user_id)
                REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE
        )
        """
    )
    op.execute(
        """
        CREATE TABLE digests (
            user_id text NOT NULL,
            covered_until timestamptz NOT NULL DEFAULT now(),
            due_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_digests PRIMARY KEY (user_id),
            CONSTRAINT fk_digests_user_id FOREIGN KEY (user_id)
                REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_digests_due_at ON digests (due_at)")


def downgrade() -> None:
    op.execute("DROP TABLE digests")
    op.execute("DROP TABLE digest_rhythms")
