"""Keep where agents are paused, and the runs that a pause has put back

Revision ID: 0041
Revises: 0040
"""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

KINDS = (
    "message.created",
    "message.updated",
    "message.deleted",
    "reaction.added",
    "reaction.removed",
    "channel.created",
    "channel.updated",
    "channel.deleted",
    "member.added",
    "member.removed",
    "cursor.moved",
    "thread.read",
    "user.changed",
    "agent.typing",
    "agent.done",
    "run.created",
    "run.changed",
    "memory.changed",
    "workspace.changed",
    "reset",
)
NEW_KINDS = ("pause.added", "pause.removed")

TABLES = (
    """
    CREATE TABLE pauses (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        agent_id text,
        channel_id text,
        paused_by text NOT NULL,
        paused_at timestamptz NOT NULL DEFAULT now(),
        reason text NOT NULL DEFAULT '',
        CONSTRAINT pk_pauses PRIMARY KEY (id),
        CONSTRAINT uq_pauses_agent_id_channel_id UNIQUE NULLS NOT DISTINCT (agent_id, channel_id),
        CONSTRAINT ck_pauses_one CHECK (agent_id IS NULL OR channel_id IS NULL),
        CONSTRAINT fk_pauses_agent_id FOREIGN KEY (agent_id)
            REFERENCES agents (id) ON DELETE CASCADE,
        CONSTRAINT fk_pauses_channel_id FOREIGN KEY (channel_id)
            REFERENCES channels (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_pauses_channel_id ON pauses (channel_id)",
    """
    CREATE TABLE parked_runs (
        run_id uuid NOT NULL,
        times integer NOT NULL,
        CONSTRAINT pk_parked_runs PRIMARY KEY (run_id),
        CONSTRAINT fk_parked_runs_run_id FOREIGN KEY (run_id)
            REFERENCES runs (id) ON DELETE CASCADE
    )
    """,
)


def allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute("ALTER TABLE events DROP CONSTRAINT ck_events_kind")
    op.execute(f"ALTER TABLE events ADD CONSTRAINT ck_events_kind CHECK (kind IN ({listed}))")


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    before = KINDS.index("memory.changed")
    allow((*KINDS[:before], *NEW_KINDS, *KINDS[before:]))


def downgrade() -> None:
    op.execute("DELETE FROM events WHERE kind IN ('pause.added', 'pause.removed')")
    allow(KINDS)
    op.execute("DROP TABLE parked_runs")
    op.execute("DROP TABLE pauses")
