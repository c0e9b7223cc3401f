"""Keep the figures of each run in one row

Revision ID: 0047
Revises: 0046
"""

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

STATEMENTS = (
    # Rows are updated while a run is under way: with free space a new version needs no index entry.
    """
    CREATE TABLE run_figures (
        run_id uuid NOT NULL,
        agent_id text NOT NULL,
        channel_id text,
        status text NOT NULL,
        created_at timestamptz NOT NULL,
        seconds double precision,
        model_id text,
        input_tokens bigint,
        longest_request bigint,
        output_tokens bigint,
        cost_usd double precision,
        CONSTRAINT pk_run_figures PRIMARY KEY (run_id),
        CONSTRAINT fk_run_figures_run_id FOREIGN KEY (run_id)
            REFERENCES runs (id) ON DELETE CASCADE
    ) WITH (fillfactor = 80)
    """,
    """
    INSERT INTO run_figures
    SELECT r.id, r.agent_id, r.channel_id, r.status, r.created_at,
           extract(epoch FROM r.completed_at - r.started_at)::float8,
           steps.model_id, steps.sent, steps.longest, steps.written, d.cost_usd
    FROM runs r LEFT JOIN run_details d ON d.run_id = r.id
    LEFT JOIN (
        SELECT s.run_id, (array_agg(s.model_id ORDER BY s.step_number))[1] AS model_id,
               sum((s.token_usage ->> 'input_tokens')::bigint)::bigint AS sent,
               max((s.token_usage ->> 'input_tokens')::bigint) AS longest,
               sum((s.token_usage ->> 'output_tokens')::bigint)::bigint AS written
        FROM run_steps s GROUP BY s.run_id
    ) steps ON steps.run_id = r.id
    ORDER BY r.created_at
    """,
    """
    CREATE INDEX ix_run_figures_day
    ON run_figures (((created_at AT TIME ZONE 'UTC')::date), agent_id)
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("run_figures")
