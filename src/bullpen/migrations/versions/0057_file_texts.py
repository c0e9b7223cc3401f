"""Keep the text of PDFs

Revision ID: 0057
Revises: 0056
"""

from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE file_texts (
    file_id uuid NOT NULL,
    content bytea,
    problem text,
    CONSTRAINT pk_file_texts PRIMARY KEY (file_id),
    CONSTRAINT ck_file_texts_content CHECK ((content IS NULL) <> (problem IS NULL)),
    CONSTRAINT ck_file_texts_problem CHECK (
        problem IN ('damaged', 'encrypted', 'scan', 'too_costly', 'too_large')
    ),
    CONSTRAINT fk_file_texts_file_id FOREIGN KEY (file_id)
        REFERENCES files (id) ON DELETE CASCADE
)
"""


def upgrade() -> None:
    op.execute(TABLE)


def downgrade() -> None:
    op.execute("DROP TABLE file_texts")
