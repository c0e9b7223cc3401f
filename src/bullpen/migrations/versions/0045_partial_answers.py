"""Show answers while they are written

Revision ID: 0045
Revises: 0044
"""

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

# Unlogged: after a crash of the server there is nothing of it, as is intended.
TABLE = """
CREATE UNLOGGED TABLE partial_answers (
    run_id uuid NOT NULL,
    worker text NOT NULL,
    attempt integer NOT NULL,
    channel_id text NOT NULL,
    thread_id uuid,
    text text NOT NULL,
    thinking text NOT NULL,
    tool text,
    version bigint NOT NULL,
    CONSTRAINT pk_partial_answers PRIMARY KEY (run_id),
    CONSTRAINT fk_partial_answers_run_id FOREIGN KEY (run_id)
        REFERENCES mailbox (run_id) ON DELETE CASCADE
)
"""


def upgrade() -> None:
    op.execute(TABLE)


def downgrade() -> None:
    op.drop_table("partial_answers")
