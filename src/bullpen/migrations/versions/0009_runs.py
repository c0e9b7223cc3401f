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
RULES = (
    """
    CREATE OR REPLACE FUNCTION check_run_steps() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        touched uuid;
        steps integer;
        first integer;
        last integer;
    BEGIN
        FOR touched IN
            SELECT DISTINCT id FROM unnest(ARRAY[OLD.run_id, NEW.run_id]) id WHERE id IS NOT NULL
        LOOP
            -- Two that add a step to one run count one after the other; a run that is being
            -- deleted is gone already, and takes its steps with it.
            PERFORM FROM runs WHERE id = touched FOR NO KEY UPDATE;
            CONTINUE WHEN NOT FOUND;
            SELECT count(*), min(step_number), max(step_number) INTO steps, first, last
            FROM run_steps WHERE run_id = touched;
            IF steps > 0 AND (first <> 1 OR last <> steps) THEN
                RAISE EXCEPTION 'the steps of run % must be numbered from 1 without gaps', touched
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_run_steps_numbers';
            END IF;
            UPDATE runs SET token_usage = usage.total FROM (
                SELECT jsonb_build_object(
                    'input_tokens', COALESCE(sum((token_usage ->> 'input_tokens')::bigint), 0),
                    'output_tokens', COALESCE(sum((token_usage ->> 'output_tokens')::bigint), 0)
                ) AS total
                FROM run_steps WHERE run_id = touched HAVING count(token_usage) > 0
            ) usage WHERE id = touched;
        END LOOP;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER run_steps_numbers
    AFTER INSERT OR DELETE OR UPDATE OF run_id, step_number, token_usage ON run_steps
    FOR EACH ROW EXECUTE FUNCTION check_run_steps()
    """,
    """
    CREATE OR REPLACE FUNCTION check_run_message() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.step_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM run_steps WHERE id = NEW.step_id AND run_id = NEW.run_id
        ) THEN
            RAISE EXCEPTION 'the step % is not one of run %', NEW.step_id, NEW.run_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_run_messages_step';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER run_messages_step
    AFTER INSERT OR UPDATE OF run_id, step_id ON run_messages
    FOR EACH ROW EXECUTE FUNCTION check_run_message()
    """,
)


def upgrade() -> None:
    for statement in TABLES + RULES:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE run_messages, run_steps, runs")
    op.execute("DROP FUNCTION check_run_steps, check_run_message")
