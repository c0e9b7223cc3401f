"""Runs, their steps and messages (story 1.6)

Revision ID: 0009
Revises: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE runs (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        agent_id text NOT NULL,
        status text NOT NULL DEFAULT 'created',
        stop_reason text,
        trigger_message_id uuid,
        channel_id text,
        created_at timestamptz NOT NULL DEFAULT now(),
        started_at timestamptz,
        completed_at timestamptz,
        token_usage jsonb,
        CONSTRAINT pk_runs PRIMARY KEY (id),
        CONSTRAINT fk_runs_agent_id FOREIGN KEY (agent_id)
            REFERENCES agents (id) ON DELETE CASCADE,
        CONSTRAINT ck_runs_status
            CHECK (status IN ('created', 'running', 'completed', 'failed', 'cancelled')),
        CONSTRAINT ck_runs_stop_reason CHECK (stop_reason IN (
            'end_turn', 'error', 'max_steps', 'max_tokens_exceeded', 'cancelled',
            'no_tool_call', 'invalid_tool_call'))
    )
    """,
    "CREATE INDEX ix_runs_agent_id_status ON runs (agent_id, status)",
    "CREATE INDEX ix_runs_status_created_at ON runs (status, created_at)",
    "CREATE INDEX ix_runs_page ON runs (created_at, id)",
    "CREATE INDEX ix_runs_agent_page ON runs (agent_id, created_at, id)",
    "CREATE UNIQUE INDEX uq_runs_running ON runs (agent_id) WHERE status = 'running'",
    """
    CREATE TABLE run_steps (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        run_id uuid NOT NULL,
        step_number integer NOT NULL,
        status text NOT NULL DEFAULT 'running',
        model_id text NOT NULL,
        token_usage jsonb,
        created_at timestamptz NOT NULL DEFAULT now(),
        completed_at timestamptz,
        CONSTRAINT pk_run_steps PRIMARY KEY (id),
        CONSTRAINT fk_run_steps_run_id FOREIGN KEY (run_id)
            REFERENCES runs (id) ON DELETE CASCADE,
        CONSTRAINT ck_run_steps_status CHECK (status IN ('running', 'completed', 'failed'))
    )
    """,
    "CREATE UNIQUE INDEX ix_run_steps_run_id_step_number ON run_steps (run_id, step_number)",
    """
    CREATE TABLE run_messages (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        run_id uuid NOT NULL,
        step_id uuid,
        message_type text NOT NULL,
        content text NOT NULL,
        tool_name text,
        tool_input jsonb,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_run_messages PRIMARY KEY (id),
        CONSTRAINT fk_run_messages_run_id FOREIGN KEY (run_id)
            REFERENCES runs (id) ON DELETE CASCADE,
        CONSTRAINT fk_run_messages_step_id FOREIGN KEY (step_id)
            REFERENCES run_steps (id) ON DELETE CASCADE,
        CONSTRAINT ck_run_messages_message_type CHECK (message_type IN (
            'system_message', 'user_message', 'assistant_message', 'tool_call_message',
            'tool_return_message'))
    )
    """,
    "CREATE INDEX ix_run_messages_run_id_created_at ON run_messages (run_id, created_at)",
    "CREATE INDEX ix_run_messages_step_id ON run_messages (step_id)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE run_messages, run_steps, runs")
