"""Try runs without effect

Revision ID: 0044
Revises: 0043
"""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE experiments (
        id uuid DEFAULT gen_random_uuid() NOT NULL,
        kind text NOT NULL,
        run_id uuid,
        agent_id text NOT NULL,
        channel_id text,
        moment text NOT NULL,
        created_by text NOT NULL,
        created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_experiments PRIMARY KEY (id),
        CONSTRAINT ck_experiments_kind CHECK (kind IN ('dry_run', 'probe')),
        CONSTRAINT ck_experiments_moment CHECK (moment IN ('then', 'now')),
        CONSTRAINT fk_experiments_run_id FOREIGN KEY (run_id)
            REFERENCES runs (id) ON DELETE CASCADE,
        CONSTRAINT fk_experiments_agent_id FOREIGN KEY (agent_id)
            REFERENCES agents (id) ON DELETE CASCADE,
        CONSTRAINT fk_experiments_channel_id FOREIGN KEY (channel_id)
            REFERENCES channels (id) ON DELETE CASCADE,
        CONSTRAINT fk_experiments_created_by FOREIGN KEY (created_by)
            REFERENCES users (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_experiments_run_id ON experiments (run_id)",
    "CREATE INDEX ix_experiments_agent_id ON experiments (agent_id)",
    "CREATE INDEX ix_experiments_channel_id ON experiments (channel_id)",
    "CREATE INDEX ix_experiments_created_by_created_at ON experiments (created_by, created_at)",
    """
    CREATE TABLE experiment_trials (
        id uuid DEFAULT gen_random_uuid() NOT NULL,
        experiment_id uuid NOT NULL,
        place integer NOT NULL,
        variant integer NOT NULL,
        model_id text,
        persona text,
        prompt text,
        question text,
        status text DEFAULT 'created' NOT NULL,
        created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
        started_at timestamptz,
        completed_at timestamptz,
        worker text,
        lease_until timestamptz,
        attempt integer DEFAULT 0 NOT NULL,
        stop_reason text,
        problem text,
        sent jsonb,
        steps jsonb,
        input_tokens bigint DEFAULT '0' NOT NULL,
        output_tokens bigint DEFAULT '0' NOT NULL,
        cost_usd double precision DEFAULT '0' NOT NULL,
        posted_id uuid,
        CONSTRAINT pk_experiment_trials PRIMARY KEY (id),
        CONSTRAINT uq_experiment_trials_experiment_id_place UNIQUE (experiment_id, place),
        CONSTRAINT ck_experiment_trials_status
            CHECK (status IN ('created', 'running', 'completed', 'failed', 'cancelled')),
        CONSTRAINT ck_experiment_trials_lease
            CHECK ((worker IS NULL) = (lease_until IS NULL)),
        CONSTRAINT fk_experiment_trials_experiment_id FOREIGN KEY (experiment_id)
            REFERENCES experiments (id) ON DELETE CASCADE,
        CONSTRAINT fk_experiment_trials_posted_id FOREIGN KEY (posted_id)
            REFERENCES messages (id) ON DELETE SET NULL
    )
    """,
    """
    CREATE INDEX ix_experiment_trials_open ON experiment_trials (created_at, place)
    WHERE status IN ('created', 'running')
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("experiment_trials")
    op.drop_table("experiments")
