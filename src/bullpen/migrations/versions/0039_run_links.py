"""Links from runs to what they made and read

Revision ID: 0039
Revises: 0038
"""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

MADE = {
    "block_version_id": ("uuid", "memory_block_versions"),
    "note_version_id": ("uuid", "private_note_versions"),
    "passage_id": ("uuid", "archival_passages"),
    "reaction_id": ("uuid", "reactions"),
    "scheduled_id": ("uuid", "scheduled_messages"),
    "channel_id": ("text", "channels"),
    "message_id": ("uuid", "messages"),
}


def upgrade() -> None:
    columns = ", ".join(
        f"{column} {kind} CONSTRAINT fk_run_effects_{column}"
        f" REFERENCES {table} (id) ON DELETE CASCADE"
        for column, (kind, table) in MADE.items()
    )
    op.execute(
        f"""
        CREATE TABLE run_effects (
            id uuid DEFAULT gen_random_uuid() NOT NULL,
            run_id uuid NOT NULL,
            call_id uuid,
            {columns},
            CONSTRAINT pk_run_effects PRIMARY KEY (id),
            CONSTRAINT fk_run_effects_run_id FOREIGN KEY (run_id)
                REFERENCES runs (id) ON DELETE CASCADE,
            CONSTRAINT fk_run_effects_call_id FOREIGN KEY (call_id)
                REFERENCES run_messages (id) ON DELETE SET NULL,
            CONSTRAINT ck_run_effects_one CHECK (num_nonnulls({", ".join(MADE)}) = 1)
        )
        """
    )
    for column in ("run_id", "call_id"):
        op.execute(f"CREATE INDEX ix_run_effects_{column} ON run_effects ({column})")
    for column in MADE:
        # One thing is made once.
        op.execute(f"CREATE UNIQUE INDEX ix_run_effects_{column} ON run_effects ({column})")
    op.execute(
        """
        CREATE TABLE run_passages (
            id uuid DEFAULT gen_random_uuid() NOT NULL,
            run_id uuid NOT NULL,
            call_id uuid,
            place integer NOT NULL,
            passage_id uuid NOT NULL,
            CONSTRAINT pk_run_passages PRIMARY KEY (id),
            CONSTRAINT fk_run_passages_run_id FOREIGN KEY (run_id)
                REFERENCES runs (id) ON DELETE CASCADE,
            CONSTRAINT fk_run_passages_call_id FOREIGN KEY (call_id)
                REFERENCES run_messages (id) ON DELETE SET NULL,
            CONSTRAINT fk_run_passages_passage_id FOREIGN KEY (passage_id)
                REFERENCES archival_passages (id) ON DELETE CASCADE
        )
        """
    )
    for column in ("run_id", "call_id", "passage_id"):
        op.execute(f"CREATE INDEX ix_run_passages_{column} ON run_passages ({column})")


def downgrade() -> None:
    op.execute("DROP TABLE run_passages")
    op.execute("DROP TABLE run_effects")
