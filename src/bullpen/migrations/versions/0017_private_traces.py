"""What runs and plans tell of a private channel stays its readers', also when it is gone

Revision ID: 0017
Revises: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE run_reaches (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        run_id uuid NOT NULL,
        channel_id text,
        step_number integer NOT NULL,
        CONSTRAINT pk_run_reaches PRIMARY KEY (id),
        CONSTRAINT uq_run_reaches_run_id_channel_id UNIQUE (run_id, channel_id),
        CONSTRAINT fk_run_reaches_run_id FOREIGN KEY (run_id)
            REFERENCES runs (id) ON DELETE CASCADE,
        CONSTRAINT fk_run_reaches_channel_id FOREIGN KEY (channel_id)
            REFERENCES channels (id) ON DELETE SET NULL
    )
    """,
    "CREATE INDEX ix_run_reaches_channel_id ON run_reaches (channel_id)",
)
RULES = (
    """
    CREATE OR REPLACE FUNCTION forget_runs() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        -- What it reserved of other budgets is freed, and its worker stops.
        UPDATE run_steps s SET status = 'failed', completed_at = clock_timestamp()
        FROM runs r WHERE r.id = s.run_id AND r.channel_id = OLD.id AND s.status = 'running';
        UPDATE runs SET status = 'cancelled', stop_reason = 'cancelled',
            completed_at = clock_timestamp()
        WHERE channel_id = OLD.id AND status IN ('created', 'running');
        DELETE FROM runs WHERE channel_id = OLD.id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER channels_gone_runs AFTER DELETE ON channels
    FOR EACH ROW EXECUTE FUNCTION forget_runs()
    """,
    """
    CREATE OR REPLACE FUNCTION forget_plans() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM recurring_messages WHERE target_channel_id = OLD.id;
        DELETE FROM scheduled_messages WHERE target_channel_id = OLD.id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER channels_gone_plans AFTER DELETE ON channels
    FOR EACH ROW EXECUTE FUNCTION forget_plans()
    """,
)
GONE = "{0} IS NOT NULL AND NOT EXISTS (SELECT FROM channels c WHERE c.id = {0})"


def upgrade() -> None:
    for statement in TABLES + RULES:
        op.execute(statement)
    # Of channels that were deleted until now nobody can see these.
    op.execute(f"DELETE FROM recurring_messages WHERE {GONE.format('target_channel_id')}")
    op.execute(f"DELETE FROM scheduled_messages WHERE {GONE.format('target_channel_id')}")
    op.execute(f"DELETE FROM runs WHERE {GONE.format('channel_id')}")


def downgrade() -> None:
    op.execute("DROP TRIGGER channels_gone_runs ON channels")
    op.execute("DROP TRIGGER channels_gone_plans ON channels")
    op.execute("DROP FUNCTION forget_runs, forget_plans")
    op.execute("DROP TABLE run_reaches")
