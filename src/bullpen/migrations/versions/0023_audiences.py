"""What agents keep in private places, and what a run was not given

Revision ID: 0023
Revises: 0018
"""

from alembic import op

revision = "0023"
down_revision = "0018"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE run_sources (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        run_id uuid NOT NULL,
        channel_id text,
        CONSTRAINT pk_run_sources PRIMARY KEY (id),
        CONSTRAINT uq_run_sources_run_id_channel_id UNIQUE (run_id, channel_id),
        CONSTRAINT fk_run_sources_run_id FOREIGN KEY (run_id)
            REFERENCES runs (id) ON DELETE CASCADE,
        CONSTRAINT fk_run_sources_channel_id FOREIGN KEY (channel_id)
            REFERENCES channels (id) ON DELETE SET NULL
    )
    """,
    "CREATE INDEX ix_run_sources_channel_id ON run_sources (channel_id)",
    # Of the runs so far, a channel that a run wrote to counts as one that it has read.
    "INSERT INTO run_sources (run_id, channel_id) SELECT run_id, channel_id FROM run_reaches",
    """
    CREATE TABLE run_withheld (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        run_id uuid NOT NULL,
        step_id uuid,
        channel_id text NOT NULL,
        content text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT pk_run_withheld PRIMARY KEY (id),
        CONSTRAINT fk_run_withheld_run_id FOREIGN KEY (run_id)
            REFERENCES runs (id) ON DELETE CASCADE,
        CONSTRAINT fk_run_withheld_step_id FOREIGN KEY (step_id)
            REFERENCES run_steps (id) ON DELETE CASCADE,
        CONSTRAINT fk_run_withheld_channel_id FOREIGN KEY (channel_id)
            REFERENCES channels (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_run_withheld_run_id ON run_withheld (run_id)",
    "CREATE INDEX ix_run_withheld_step_id ON run_withheld (step_id)",
    "CREATE INDEX ix_run_withheld_channel_id ON run_withheld (channel_id)",
    """
    CREATE TABLE private_notes (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        agent_id text NOT NULL,
        label text NOT NULL,
        channel_id text NOT NULL,
        content text NOT NULL,
        version integer NOT NULL DEFAULT 1,
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_private_notes PRIMARY KEY (id),
        CONSTRAINT uq_private_notes_agent_id_label_channel_id
            UNIQUE (agent_id, label, channel_id),
        CONSTRAINT ck_private_notes_content CHECK (char_length(content) <= 10000),
        CONSTRAINT fk_private_notes_agent_id FOREIGN KEY (agent_id)
            REFERENCES agents (id) ON DELETE CASCADE,
        CONSTRAINT fk_private_notes_channel_id FOREIGN KEY (channel_id)
            REFERENCES channels (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_private_notes_channel_id ON private_notes (channel_id)",
    """
    CREATE TABLE private_note_versions (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        note_id uuid NOT NULL,
        version integer NOT NULL,
        content text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        user_id text,
        run_id uuid,
        CONSTRAINT pk_private_note_versions PRIMARY KEY (id),
        CONSTRAINT uq_private_note_versions_note_id_version UNIQUE (note_id, version),
        CONSTRAINT fk_private_note_versions_note_id FOREIGN KEY (note_id)
            REFERENCES private_notes (id) ON DELETE CASCADE,
        CONSTRAINT fk_private_note_versions_run_id FOREIGN KEY (run_id)
            REFERENCES runs (id) ON DELETE SET NULL
    )
    """,
    "CREATE INDEX ix_private_note_versions_run_id ON private_note_versions (run_id)",
    """
    CREATE TABLE passage_places (
        passage_id uuid NOT NULL,
        channel_id text NOT NULL,
        CONSTRAINT pk_passage_places PRIMARY KEY (passage_id),
        CONSTRAINT fk_passage_places_passage_id FOREIGN KEY (passage_id)
            REFERENCES archival_passages (id) ON DELETE CASCADE,
        CONSTRAINT fk_passage_places_channel_id FOREIGN KEY (channel_id)
            REFERENCES channels (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_passage_places_channel_id ON passage_places (channel_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    # An earlier version would show them to everybody.
    op.execute("DELETE FROM archival_passages WHERE id IN (SELECT passage_id FROM passage_places)")
    op.execute(
        "DROP TABLE passage_places, private_note_versions, private_notes, run_withheld, run_sources"
    )
