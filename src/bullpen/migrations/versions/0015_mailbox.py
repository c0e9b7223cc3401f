"""The mailbox: who is asked, whose turn it is, what it costs, and plans that come again

Revision ID: 0015
Revises: 0014
"""
# ruff: noqa: E501, ISC004 - statements as the models and rules had them

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE channel_policies (
        channel_id TEXT NOT NULL,
        agent_id TEXT NOT NULL,
        policy TEXT NOT NULL,
        CONSTRAINT pk_channel_policies PRIMARY KEY (channel_id, agent_id),
        CONSTRAINT ck_channel_policies_policy CHECK (policy IN ('all', 'mentions', 'none')),
        CONSTRAINT fk_channel_policies_channel_id FOREIGN KEY(channel_id) REFERENCES channels (id) ON DELETE CASCADE,
        CONSTRAINT fk_channel_policies_agent_id FOREIGN KEY(agent_id) REFERENCES agents (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_channel_policies_agent_id ON channel_policies (agent_id)",
    """
    CREATE TABLE mailbox (
        run_id UUID NOT NULL,
        agent_id TEXT NOT NULL,
        channel_id TEXT,
        thread_id UUID,
        priority SMALLINT NOT NULL,
        queued_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        worker TEXT,
        lease_until TIMESTAMP WITH TIME ZONE,
        attempt INTEGER DEFAULT '0' NOT NULL,
        CONSTRAINT pk_mailbox PRIMARY KEY (run_id),
        CONSTRAINT ck_mailbox_lease CHECK ((worker IS NULL) = (lease_until IS NULL)),
        CONSTRAINT fk_mailbox_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE,
        CONSTRAINT fk_mailbox_agent_id FOREIGN KEY(agent_id) REFERENCES agents (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_mailbox_leased ON mailbox (lease_until) WHERE worker IS NOT NULL",
    "CREATE INDEX ix_mailbox_order ON mailbox (priority, queued_at, run_id) WHERE worker IS NULL",
    "CREATE INDEX ix_mailbox_waiting"
    " ON mailbox (agent_id, priority, queued_at, run_id) WHERE worker IS NULL",
    "CREATE UNIQUE INDEX uq_mailbox_conversation"
    " ON mailbox (channel_id, thread_id) NULLS NOT DISTINCT"
    " WHERE worker IS NOT NULL AND channel_id IS NOT NULL",
    """
    CREATE TABLE run_details (
        run_id UUID NOT NULL,
        kind TEXT NOT NULL,
        thread_id UUID,
        prompt TEXT,
        scheduled_id UUID,
        again_of UUID,
        model_id TEXT,
        depth INTEGER DEFAULT '0' NOT NULL,
        started_by TEXT,
        history BYTEA,
        cost_usd DOUBLE PRECISION,
        problem TEXT,
        CONSTRAINT pk_run_details PRIMARY KEY (run_id),
        CONSTRAINT ck_run_details_kind CHECK (kind IN ('message', 'schedule', 'again')),
        CONSTRAINT uq_run_details_scheduled_id UNIQUE (scheduled_id),
        CONSTRAINT fk_run_details_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE,
        CONSTRAINT fk_run_details_scheduled_id FOREIGN KEY(scheduled_id) REFERENCES scheduled_messages (id) ON DELETE SET NULL,
        CONSTRAINT fk_run_details_again_of FOREIGN KEY(again_of) REFERENCES runs (id) ON DELETE SET NULL,
        CONSTRAINT fk_run_details_started_by FOREIGN KEY(started_by) REFERENCES agents (id) ON DELETE SET NULL
    )
    """,
    "CREATE INDEX ix_run_details_again_of ON run_details (again_of)",
    "CREATE INDEX ix_run_details_started_by ON run_details (started_by)",
    """
    CREATE TABLE run_triggers (
        run_id UUID NOT NULL,
        message_id UUID NOT NULL,
        CONSTRAINT pk_run_triggers PRIMARY KEY (run_id, message_id),
        CONSTRAINT fk_run_triggers_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE,
        CONSTRAINT fk_run_triggers_message_id FOREIGN KEY(message_id) REFERENCES messages (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_run_triggers_message_id ON run_triggers (message_id)",
    """
    CREATE TABLE run_posts (
        message_id UUID NOT NULL,
        run_id UUID NOT NULL,
        CONSTRAINT pk_run_posts PRIMARY KEY (message_id),
        CONSTRAINT fk_run_posts_message_id FOREIGN KEY(message_id) REFERENCES messages (id) ON DELETE CASCADE,
        CONSTRAINT fk_run_posts_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_run_posts_run_id ON run_posts (run_id)",
    """
    CREATE TABLE run_calls (
        run_id UUID NOT NULL,
        turn INTEGER NOT NULL,
        place INTEGER NOT NULL,
        message_id UUID NOT NULL,
        CONSTRAINT pk_run_calls PRIMARY KEY (run_id, turn, place),
        CONSTRAINT fk_run_calls_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE,
        CONSTRAINT fk_run_calls_message_id FOREIGN KEY(message_id) REFERENCES run_messages (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_run_calls_message_id ON run_calls (message_id)",
    """
    CREATE TABLE step_details (
        step_id UUID NOT NULL,
        request JSON NOT NULL,
        cost_usd DOUBLE PRECISION,
        reserved_usd DOUBLE PRECISION DEFAULT '0' NOT NULL,
        CONSTRAINT pk_step_details PRIMARY KEY (step_id),
        CONSTRAINT fk_step_details_step_id FOREIGN KEY(step_id) REFERENCES run_steps (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE budgets (
        id UUID DEFAULT gen_random_uuid() NOT NULL,
        agent_id TEXT,
        channel_id TEXT,
        daily_usd DOUBLE PRECISION NOT NULL,
        CONSTRAINT pk_budgets PRIMARY KEY (id),
        CONSTRAINT uq_budgets_agent_id_channel_id UNIQUE NULLS NOT DISTINCT (agent_id, channel_id),
        CONSTRAINT ck_budgets_one CHECK (agent_id IS NULL OR channel_id IS NULL),
        CONSTRAINT ck_budgets_daily_usd CHECK (daily_usd >= 0),
        CONSTRAINT fk_budgets_agent_id FOREIGN KEY(agent_id) REFERENCES agents (id) ON DELETE CASCADE,
        CONSTRAINT fk_budgets_channel_id FOREIGN KEY(channel_id) REFERENCES channels (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE spending (
        id UUID DEFAULT gen_random_uuid() NOT NULL,
        day DATE NOT NULL,
        agent_id TEXT,
        channel_id TEXT,
        spent_usd DOUBLE PRECISION DEFAULT '0' NOT NULL,
        reserved_usd DOUBLE PRECISION DEFAULT '0' NOT NULL,
        CONSTRAINT pk_spending PRIMARY KEY (id),
        CONSTRAINT uq_spending_day_agent_id_channel_id UNIQUE NULLS NOT DISTINCT (day, agent_id, channel_id),
        CONSTRAINT ck_spending_one CHECK (agent_id IS NULL OR channel_id IS NULL),
        CONSTRAINT fk_spending_agent_id FOREIGN KEY(agent_id) REFERENCES agents (id) ON DELETE CASCADE,
        CONSTRAINT fk_spending_channel_id FOREIGN KEY(channel_id) REFERENCES channels (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_spending_agent_id ON spending (agent_id)",
    "CREATE INDEX ix_spending_channel_id ON spending (channel_id)",
    """
    CREATE TABLE run_notices (
        message_id UUID NOT NULL,
        kind TEXT NOT NULL,
        CONSTRAINT pk_run_notices PRIMARY KEY (message_id),
        CONSTRAINT ck_run_notices_kind CHECK (kind IN ('budget', 'failure')),
        CONSTRAINT fk_run_notices_message_id FOREIGN KEY(message_id) REFERENCES run_posts (message_id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE recurring_messages (
        id UUID DEFAULT gen_random_uuid() NOT NULL,
        agent_id TEXT NOT NULL,
        cron TEXT NOT NULL,
        time_zone TEXT NOT NULL,
        prompt TEXT NOT NULL,
        target_channel_id TEXT,
        next_id UUID,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_recurring_messages PRIMARY KEY (id),
        CONSTRAINT fk_recurring_messages_agent_id FOREIGN KEY(agent_id) REFERENCES agents (id) ON DELETE CASCADE,
        CONSTRAINT fk_recurring_messages_next_id FOREIGN KEY(next_id) REFERENCES scheduled_messages (id) ON DELETE SET NULL
    )
    """,
    "CREATE INDEX ix_recurring_messages_agent_id ON recurring_messages (agent_id)",
    "CREATE UNIQUE INDEX ix_recurring_messages_next_id ON recurring_messages (next_id)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    for statement in (
        "DROP TABLE recurring_messages, run_notices, spending, budgets, step_details",
        "DROP TABLE run_calls, run_posts, run_triggers, run_details, mailbox, channel_policies",
    ):
        op.execute(statement)
