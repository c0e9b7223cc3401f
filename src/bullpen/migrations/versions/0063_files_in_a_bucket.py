"""Say which files have their content in a bucket, and which of its objects are to be removed

Revision ID: 0063
Revises: 0062
"""

from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

UPGRADE = (
    """
    CREATE TABLE file_objects (
        file_id uuid NOT NULL,
        folder text NOT NULL,
        is_shared boolean NOT NULL DEFAULT false,
        CONSTRAINT pk_file_objects PRIMARY KEY (file_id),
        CONSTRAINT fk_file_objects_file_id FOREIGN KEY (file_id)
            REFERENCES files (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE removed_objects (
        folder text NOT NULL,
        removed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT pk_removed_objects PRIMARY KEY (folder)
    )
    """,
)
DOWNGRADE = (
    "DROP TABLE removed_objects",
    # Their content could not be found.
    "DELETE FROM files WHERE id IN (SELECT file_id FROM file_objects)",
    "DROP TABLE file_objects",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
