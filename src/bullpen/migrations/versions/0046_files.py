"""Keep files of messages

Revision ID: 0046
Revises: 0045
"""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE files (
        id uuid NOT NULL,
        user_id text NOT NULL,
        name text NOT NULL,
        media_type text DEFAULT 'application/octet-stream' NOT NULL,
        size bigint DEFAULT '0' NOT NULL,
        width integer,
        height integer,
        thumbnail bytea,
        message_id uuid,
        place smallint DEFAULT '0' NOT NULL,
        attempt uuid NOT NULL,
        created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
        touched_at timestamptz DEFAULT clock_timestamp() NOT NULL,
        completed_at timestamptz,
        CONSTRAINT pk_files PRIMARY KEY (id),
        CONSTRAINT ck_files_complete CHECK (message_id IS NULL OR completed_at IS NOT NULL),
        CONSTRAINT ck_files_dimensions CHECK ((width IS NULL) = (height IS NULL)),
        CONSTRAINT ck_files_size CHECK (size >= 0),
        CONSTRAINT fk_files_message_id FOREIGN KEY (message_id)
            REFERENCES messages (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_files_message_id_place ON files (message_id, place)
    WHERE message_id IS NOT NULL
    """,
    "CREATE INDEX ix_files_touched_at ON files (touched_at) WHERE message_id IS NULL",
    """
    CREATE TABLE file_chunks (
        file_id uuid NOT NULL,
        place integer NOT NULL,
        content bytea NOT NULL,
        CONSTRAINT pk_file_chunks PRIMARY KEY (file_id, place),
        CONSTRAINT fk_file_chunks_file_id FOREIGN KEY (file_id)
            REFERENCES files (id) ON DELETE CASCADE
    )
    """,
    # Parts of a portion are read without reading all of it; most files are compressed already.
    "ALTER TABLE file_chunks ALTER COLUMN content SET STORAGE EXTERNAL",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("file_chunks")
    op.drop_table("files")
