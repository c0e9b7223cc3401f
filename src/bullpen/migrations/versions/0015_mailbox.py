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
RULES = (
    """
    CREATE OR REPLACE FUNCTION run_json(r runs) RETURNS jsonb LANGUAGE sql STABLE AS $$
        SELECT jsonb_build_object(
            'id', r.id, 'agentId', r.agent_id, 'status', r.status, 'stopReason', r.stop_reason,
            'triggerMessageId', r.trigger_message_id, 'channelId', r.channel_id,
            'createdAt', instant(r.created_at), 'startedAt', instant(r.started_at),
            'completedAt', instant(r.completed_at),
            'tokenUsage', CASE WHEN r.token_usage IS NOT NULL THEN jsonb_build_object(
                'inputTokens', COALESCE((r.token_usage ->> 'input_tokens')::bigint, 0),
                'outputTokens', COALESCE((r.token_usage ->> 'output_tokens')::bigint, 0)
            ) END
        )
    $$
    """,
    """
    CREATE OR REPLACE FUNCTION leave_mailbox() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM mailbox WHERE run_id = NEW.id;
        -- Its worker stops, and what waited behind it is free.
        PERFORM pg_notify('bullpen_mailbox', NEW.id::text);
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER runs_ended AFTER UPDATE OF status ON runs
    FOR EACH ROW WHEN (
        OLD.status IN ('created', 'running') AND NEW.status NOT IN ('created', 'running')
    ) EXECUTE FUNCTION leave_mailbox()
    """,
    """
    CREATE OR REPLACE FUNCTION tell_typing(run_ids uuid[], how text) RETURNS void
    LANGUAGE sql AS $$
        INSERT INTO events (kind, channel_id, payload)
        SELECT how, r.channel_id, jsonb_build_object(
            'agentId', r.agent_id, 'channelId', r.channel_id, 'parentMessageId', d.thread_id
        )
        FROM runs r JOIN run_details d ON d.run_id = r.id
        WHERE r.id = ANY (run_ids) AND r.channel_id IS NOT NULL ORDER BY r.id
    $$
    """,
    """
    CREATE OR REPLACE FUNCTION claim_runs(worker_id text, most integer, lease interval)
    RETURNS TABLE (run_id uuid, attempt integer) LANGUAGE plpgsql AS $$
    #variable_conflict use_column
    DECLARE
        heads uuid[];
        taken uuid[];
        lost uuid[];
    BEGIN
        IF NOT EXISTS (SELECT FROM mailbox WHERE worker IS NULL)
            AND NOT EXISTS (
                SELECT FROM mailbox WHERE worker IS NOT NULL AND lease_until < clock_timestamp()
            )
        THEN
            RETURN;
        END IF;
        -- That a run was taken may be forgotten with the server: then it is taken again.
        PERFORM set_config('synchronous_commit', 'off', true);
        PERFORM pg_advisory_xact_lock(111559182283891);
        SELECT array_agg(o.run_id) INTO heads FROM (
            SELECT b.* FROM mailbox b WHERE b.worker IS NULL
            ORDER BY b.priority, b.queued_at, b.run_id LIMIT 100
        ) o
        WHERE NOT EXISTS (
            SELECT FROM mailbox earlier
            WHERE earlier.worker IS NULL AND earlier.agent_id = o.agent_id
              AND (earlier.priority, earlier.queued_at, earlier.run_id)
                  < (o.priority, o.queued_at, o.run_id)
        );
        taken := free_runs(heads, most);
        IF taken IS NULL THEN
            WITH RECURSIVE head AS (
                (
                    SELECT b.* FROM mailbox b WHERE b.worker IS NULL
                    ORDER BY b.agent_id, b.priority, b.queued_at, b.run_id LIMIT 1
                )
                UNION ALL
                SELECT next.* FROM head h CROSS JOIN LATERAL (
                    SELECT b.* FROM mailbox b WHERE b.worker IS NULL AND b.agent_id > h.agent_id
                    ORDER BY b.agent_id, b.priority, b.queued_at, b.run_id LIMIT 1
                ) next
            )
            SELECT array_agg(h.run_id) INTO heads FROM head h;
            taken := free_runs(heads, most);
        END IF;
        WITH locked AS (
            SELECT b.run_id FROM mailbox b JOIN runs r ON r.id = b.run_id
            WHERE b.worker IS NOT NULL AND b.lease_until < clock_timestamp()
              AND r.status = 'running'
            ORDER BY b.lease_until LIMIT most FOR NO KEY UPDATE SKIP LOCKED
        )
        SELECT array_agg(run_id) INTO lost FROM locked;
        IF taken IS NULL AND lost IS NULL THEN
            RETURN;
        END IF;
        UPDATE mailbox b SET worker = worker_id, lease_until = clock_timestamp() + lease,
            attempt = b.attempt + 1
        WHERE b.run_id = ANY (taken || lost);
        UPDATE runs SET status = 'running', started_at = clock_timestamp()
        WHERE id = ANY (taken);
        INSERT INTO events (kind, channel_id, payload)
        SELECT 'run.changed', r.channel_id, jsonb_build_object('run', run_json(r))
        FROM runs r WHERE r.id = ANY (taken) ORDER BY r.id;
        PERFORM tell_typing(taken, 'agent.typing');
        RETURN QUERY SELECT b.run_id, b.attempt FROM mailbox b
        WHERE b.run_id = ANY (taken || lost) ORDER BY b.priority, b.queued_at, b.run_id;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION free_runs(heads uuid[], most integer) RETURNS uuid[]
    LANGUAGE plpgsql AS $$
    DECLARE
        found_runs uuid[];
    BEGIN
        WITH free AS (
            SELECT DISTINCT ON (
                h.channel_id, h.thread_id, CASE WHEN h.channel_id IS NULL THEN h.run_id END
            ) h.run_id, h.priority, h.queued_at
            FROM mailbox h
            WHERE h.run_id = ANY (heads) AND NOT EXISTS (
                SELECT FROM runs r WHERE r.agent_id = h.agent_id AND r.status = 'running'
            ) AND NOT EXISTS (
                SELECT FROM mailbox other
                WHERE other.worker IS NOT NULL AND other.channel_id = h.channel_id
                  AND other.thread_id IS NOT DISTINCT FROM h.thread_id
            ) AND EXISTS (SELECT FROM agents a WHERE a.id = h.agent_id AND a.is_active)
            ORDER BY h.channel_id, h.thread_id, CASE WHEN h.channel_id IS NULL THEN h.run_id END,
                     h.priority, h.queued_at, h.run_id
        ),
        locked AS (
            SELECT r.id FROM free f JOIN runs r ON r.id = f.run_id WHERE r.status = 'created'
            ORDER BY f.priority, f.queued_at, f.run_id LIMIT most
            FOR NO KEY UPDATE OF r SKIP LOCKED
        )
        SELECT array_agg(id) INTO found_runs FROM locked;
        RETURN found_runs;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION hold_run(held uuid, worker_id text, held_attempt integer)
    RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM FROM runs r JOIN mailbox b ON b.run_id = r.id
        WHERE r.id = held AND r.status = 'running'
          AND b.worker = worker_id AND b.attempt = held_attempt
        FOR NO KEY UPDATE OF r;
        RETURN FOUND;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION settle_run(
        settled uuid, worker_id text, settled_attempt integer,
        ended_as text, reason text, what_went_wrong text
    ) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT hold_run(settled, worker_id, settled_attempt) THEN
            RETURN false;
        END IF;
        UPDATE run_steps SET status = 'failed', completed_at = clock_timestamp()
        WHERE run_id = settled AND status = 'running';
        UPDATE run_details SET problem = what_went_wrong, history = NULL
        WHERE run_id = settled AND (what_went_wrong IS NOT NULL OR history IS NOT NULL);
        UPDATE runs SET status = ended_as, stop_reason = reason, completed_at = clock_timestamp()
        WHERE id = settled;
        INSERT INTO events (kind, channel_id, payload)
        SELECT 'run.changed', r.channel_id, jsonb_build_object('run', run_json(r))
        FROM runs r WHERE r.id = settled;
        PERFORM tell_typing(ARRAY[settled], 'agent.done');
        RETURN true;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION account_for_step() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        detail step_details;
        spent double precision;
    BEGIN
        SELECT * INTO detail FROM step_details WHERE step_id = NEW.id;
        spent := COALESCE(
            detail.cost_usd, CASE WHEN NEW.status = 'failed' THEN detail.reserved_usd END, 0
        );
        IF spent > 0 THEN
            UPDATE run_details SET cost_usd = COALESCE(cost_usd, 0) + spent
            WHERE run_id = NEW.run_id;
        END IF;
        IF spent > 0 OR detail.reserved_usd > 0 THEN
            INSERT INTO spending AS s (day, agent_id, channel_id, spent_usd)
            SELECT (NEW.created_at AT TIME ZONE 'UTC')::date, place.agent_id, place.channel_id,
                   spent
            FROM runs r CROSS JOIN LATERAL (VALUES
                (1, r.agent_id, NULL),
                (2, NULL, (SELECT id FROM channels WHERE id = r.channel_id)),
                (3, NULL, NULL)
            ) place (number, agent_id, channel_id)
            WHERE r.id = NEW.run_id AND (place.number <> 2 OR place.channel_id IS NOT NULL)
            ORDER BY place.number
            ON CONFLICT (day, agent_id, channel_id) DO UPDATE SET
                spent_usd = s.spent_usd + spent,
                reserved_usd = GREATEST(s.reserved_usd - detail.reserved_usd, 0);
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER run_steps_ended AFTER UPDATE OF status ON run_steps
    FOR EACH ROW WHEN (OLD.status = 'running' AND NEW.status <> 'running')
    EXECUTE FUNCTION account_for_step()
    """,
    """
    CREATE OR REPLACE FUNCTION ask_agents(made uuid[]) RETURNS void LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan AS $$
    BEGIN
        WITH posted AS MATERIALIZED (
            SELECT m.id, m.channel_id, m.parent_message_id AS thread_id, m.user_id, m.text,
                   m.created_at, c.kind, COALESCE(d.depth + 1, 0) AS depth,
                   CASE WHEN d.run_id IS NULL THEN m.user_id ELSE d.started_by END AS started_by
            FROM messages m JOIN channels c ON c.id = m.channel_id
            LEFT JOIN run_posts p ON p.message_id = m.id
            LEFT JOIN run_details d ON d.run_id = p.run_id
            WHERE m.id = ANY (made) AND (d.run_id IS NULL OR d.depth < 3 AND (
                SELECT count(*) FILTER (WHERE of_run) < 40 FROM (
                    (
                        SELECT EXISTS (SELECT FROM run_posts WHERE message_id = said.id) AS of_run
                        FROM messages said
                        WHERE m.parent_message_id IS NULL AND said.channel_id = m.channel_id
                          AND said.parent_message_id IS NULL
                        ORDER BY said.created_at DESC, said.id DESC LIMIT 40
                    )
                    UNION ALL
                    (
                        SELECT EXISTS (SELECT FROM run_posts WHERE message_id = said.id)
                        FROM messages said
                        WHERE said.parent_message_id = m.parent_message_id
                        ORDER BY said.created_at DESC, said.id DESC LIMIT 40
                    )
                ) newest
            ))
        ),
        mentioned AS (
            SELECT DISTINCT id, agent_id FROM (
                SELECT p.id, a.id AS agent_id, how.rank,
                       min(how.rank) OVER (PARTITION BY p.id, found.place) AS best
                FROM posted p
                CROSS JOIN LATERAL regexp_matches(p.text, '(?:^|[^[:alnum:]_@.])@([[:alnum:]](?:[[:alnum:]_.''-]*[[:alnum:]])?)(?: ([[:alnum:]][[:alnum:]_''-]*))?', 'g')
                    WITH ORDINALITY found (words, place)
                CROSS JOIN agents a
                CROSS JOIN LATERAL (SELECT CASE
                    WHEN lower(a.display_name) = lower(words[1] || ' ' || words[2]) THEN 1
                    WHEN lower(words[1]) IN (lower(a.id), lower(a.display_name)) THEN 2
                    WHEN lower(split_part(a.display_name, ' ', 1)) = lower(words[1]) THEN 3
                END AS rank) how
                WHERE p.text LIKE '%@%' AND how.rank IS NOT NULL
            ) matching WHERE rank = best
        ),
        asked AS (
            SELECT id, user_id, bool_or(by_name) AS by_name FROM (
                SELECT p.id, member.user_id, false AS by_name
                FROM posted p JOIN channel_members member ON member.channel_id = p.channel_id
                WHERE p.thread_id IS NULL OR p.kind = 'dm'
                UNION ALL
                SELECT p.id, root.user_id, false
                FROM posted p JOIN messages root ON root.id = p.thread_id
                UNION ALL
                SELECT p.id, reply.user_id, false
                FROM posted p JOIN messages reply ON reply.parent_message_id = p.thread_id
                UNION ALL
                SELECT id, agent_id, true FROM mentioned
            ) candidate GROUP BY id, user_id
        ),
        grouped AS MATERIALIZED (
            SELECT asked.user_id AS agent_id, p.channel_id, p.thread_id,
                   gen_random_uuid() AS new_id,
                   min(p.depth) AS depth,
                   (array_agg(p.started_by ORDER BY p.depth, p.created_at))[1] AS started_by,
                   (array_agg(p.id ORDER BY p.created_at, p.id))[1] AS first_id,
                   array_agg(p.id) AS message_ids,
                   min(p.created_at) AS queued_at,
                   min(CASE WHEN p.kind = 'dm' AND p.depth = 0 THEN 0 ELSE 1 END) AS priority
            FROM asked JOIN posted p ON p.id = asked.id
            JOIN agents a ON a.id = asked.user_id AND a.is_active
            LEFT JOIN channel_policies policy
                ON policy.channel_id = p.channel_id AND policy.agent_id = a.id
            WHERE a.id <> p.user_id AND a.id IS DISTINCT FROM p.started_by
              AND CASE COALESCE(policy.policy, 'all')
                  WHEN 'all' THEN true WHEN 'mentions' THEN asked.by_name ELSE false END
              AND (p.kind = 'public' OR EXISTS (
                  SELECT FROM channel_members reader
                  WHERE reader.channel_id = p.channel_id AND reader.user_id = a.id
              ))
            GROUP BY asked.user_id, p.channel_id, p.thread_id
        ),
        -- One that still waits sees these messages, too, when it begins.
        waiting AS MATERIALIZED (
            SELECT g.new_id, w.run_id, g.message_ids, g.depth, g.started_by, g.priority
            FROM grouped g CROSS JOIN LATERAL (
                SELECT b.run_id FROM mailbox b
                JOIN run_details d ON d.run_id = b.run_id AND d.kind = 'message'
                JOIN runs r ON r.id = b.run_id AND r.status = 'created'
                WHERE b.agent_id = g.agent_id AND b.worker IS NULL
                  AND b.channel_id = g.channel_id AND b.thread_id IS NOT DISTINCT FROM g.thread_id
                ORDER BY b.queued_at LIMIT 1 FOR NO KEY UPDATE OF r SKIP LOCKED
            ) w
        ),
        nearer AS (
            UPDATE run_details d SET depth = w.depth, started_by = w.started_by
            FROM waiting w WHERE d.run_id = w.run_id AND w.depth < d.depth
        ),
        sooner AS (
            UPDATE mailbox b SET priority = w.priority
            FROM waiting w WHERE b.run_id = w.run_id AND w.priority < b.priority
        ),
        new AS MATERIALIZED (
            SELECT * FROM grouped g WHERE g.new_id NOT IN (SELECT new_id FROM waiting)
        ),
        made_runs AS (
            INSERT INTO runs (id, agent_id, trigger_message_id, channel_id, created_at)
            SELECT new_id, agent_id, first_id, channel_id, queued_at FROM new
            RETURNING runs
        ),
        details AS (
            INSERT INTO run_details (run_id, kind, thread_id, depth, started_by)
            SELECT new_id, 'message', thread_id, depth, started_by FROM new
        ),
        queued AS (
            INSERT INTO mailbox (run_id, agent_id, channel_id, thread_id, priority, queued_at)
            SELECT new_id, agent_id, channel_id, thread_id, priority, queued_at FROM new
        ),
        triggers AS (
            INSERT INTO run_triggers (run_id, message_id)
            SELECT new_id, unnest(message_ids) FROM new
            UNION ALL SELECT run_id, unnest(message_ids) FROM waiting
            ON CONFLICT DO NOTHING
        )
        INSERT INTO events (kind, channel_id, payload)
        SELECT 'run.created', (made_runs.runs).channel_id,
               jsonb_build_object('run', run_json(made_runs.runs))
        FROM made_runs ORDER BY (made_runs.runs).created_at, (made_runs.runs).agent_id;
        IF FOUND THEN
            PERFORM pg_notify('bullpen_mailbox', '');
        END IF;
    END $$
    """,
    "DROP FUNCTION IF EXISTS post_messages(uuid[], text[], uuid[], text[], text[])",
    """
    CREATE OR REPLACE FUNCTION post_messages(
        new_ids uuid[], channel_ids text[], parent_ids uuid[], author_ids text[], texts text[],
        asks boolean DEFAULT false
    ) RETURNS TABLE (message_id uuid, written_at text) LANGUAGE plpgsql
    -- To plan it takes four times as long as to do it.
    SET plan_cache_mode = force_generic_plan AS $$
    #variable_conflict use_column
    DECLARE
        made uuid[];
        run uuid := NULLIF(current_setting('bullpen.run_id', true), '')::uuid;
    BEGIN
        -- Whoever deletes one of these holds it and waits for the turn: so not the other way round.
        PERFORM FROM channels WHERE id = ANY (channel_ids) ORDER BY id FOR KEY SHARE;
        PERFORM FROM messages WHERE id = ANY (parent_ids) ORDER BY id FOR KEY SHARE;
        PERFORM pg_advisory_xact_lock(111559182283891);
        WITH written AS (
            INSERT INTO messages (id, channel_id, parent_message_id, user_id, text, created_at)
            -- The time is that of the turn, so that messages are in the order of their events.
            SELECT draft.id, draft.channel_id, draft.parent_id, draft.user_id, draft.text,
                   clock_timestamp()
            FROM unnest(new_ids, channel_ids, parent_ids, author_ids, texts)
                WITH ORDINALITY draft (id, channel_id, parent_id, user_id, text, place)
            JOIN channel_members mine
                ON mine.channel_id = draft.channel_id AND mine.user_id = draft.user_id
            JOIN agents author ON author.id = draft.user_id AND author.is_active
            LEFT JOIN messages parent ON parent.id = draft.parent_id
            WHERE draft.parent_id IS NULL
               OR (parent.channel_id = draft.channel_id AND parent.parent_message_id IS NULL)
            ORDER BY draft.place
            ON CONFLICT (id) DO NOTHING
            RETURNING id
        )
        SELECT array_agg(id) INTO made FROM written;
        IF made IS NULL THEN
            RETURN;
        END IF;
        INSERT INTO events (kind, channel_id, payload)
        SELECT 'message.created', m.channel_id, jsonb_build_object(
            'channelId', m.channel_id,
            'parentMessageId', m.parent_message_id,
            'message', jsonb_build_object(
                'id', m.id, 'userId', m.user_id, 'text', m.text,
                'timestamp', instant(m.created_at), 'reactions', '[]'::jsonb
            ) || CASE WHEN m.parent_message_id IS NULL
                THEN jsonb_build_object('channelId', m.channel_id, 'threadReplyCount', 0)
                ELSE jsonb_build_object('parentMessageId', m.parent_message_id) END
        ) || CASE WHEN m.parent_message_id IS NULL THEN '{}'::jsonb
            ELSE jsonb_build_object('root', thread_of(m.parent_message_id)) END
        FROM messages m WHERE m.id = ANY (made) ORDER BY m.created_at, m.id;
        IF run IS NOT NULL THEN
            INSERT INTO run_posts (message_id, run_id) SELECT unnest(made), run;
        END IF;
        IF asks OR run IS NOT NULL THEN
            PERFORM ask_agents(made);
        END IF;
        RETURN QUERY SELECT id, instant(created_at) FROM messages WHERE id = ANY (made);
    END $$
    """,
)
EARLIER_POST = """
    CREATE OR REPLACE FUNCTION post_messages(
        new_ids uuid[], channel_ids text[], parent_ids uuid[], author_ids text[], texts text[]
    ) RETURNS TABLE (message_id uuid, written_at text) LANGUAGE plpgsql AS $$
    #variable_conflict use_column
    DECLARE
        made uuid[];
    BEGIN
        -- Whoever deletes one of these holds it and waits for the turn: so not the other way round.
        PERFORM FROM channels WHERE id = ANY (channel_ids) ORDER BY id FOR KEY SHARE;
        PERFORM FROM messages WHERE id = ANY (parent_ids) ORDER BY id FOR KEY SHARE;
        PERFORM pg_advisory_xact_lock(111559182283891);
        WITH written AS (
            INSERT INTO messages (id, channel_id, parent_message_id, user_id, text, created_at)
            -- The time is that of the turn, so that messages are in the order of their events.
            SELECT draft.id, draft.channel_id, draft.parent_id, draft.user_id, draft.text,
                   clock_timestamp()
            FROM unnest(new_ids, channel_ids, parent_ids, author_ids, texts)
                WITH ORDINALITY draft (id, channel_id, parent_id, user_id, text, place)
            JOIN channel_members mine
                ON mine.channel_id = draft.channel_id AND mine.user_id = draft.user_id
            JOIN agents author ON author.id = draft.user_id AND author.is_active
            LEFT JOIN messages parent ON parent.id = draft.parent_id
            WHERE draft.parent_id IS NULL
               OR (parent.channel_id = draft.channel_id AND parent.parent_message_id IS NULL)
            ORDER BY draft.place
            ON CONFLICT (id) DO NOTHING
            RETURNING id
        )
        SELECT array_agg(id) INTO made FROM written;
        IF made IS NULL THEN
            RETURN;
        END IF;
        INSERT INTO events (kind, channel_id, payload)
        SELECT 'message.created', m.channel_id, jsonb_build_object(
            'channelId', m.channel_id,
            'parentMessageId', m.parent_message_id,
            'message', jsonb_build_object(
                'id', m.id, 'userId', m.user_id, 'text', m.text,
                'timestamp', instant(m.created_at), 'reactions', '[]'::jsonb
            ) || CASE WHEN m.parent_message_id IS NULL
                THEN jsonb_build_object('channelId', m.channel_id, 'threadReplyCount', 0)
                ELSE jsonb_build_object('parentMessageId', m.parent_message_id) END
        ) || CASE WHEN m.parent_message_id IS NULL THEN '{}'::jsonb
            ELSE jsonb_build_object('root', thread_of(m.parent_message_id)) END
        FROM messages m WHERE m.id = ANY (made) ORDER BY m.created_at, m.id;
        RETURN QUERY SELECT id, instant(created_at) FROM messages WHERE id = ANY (made);
    END $$
    """


def upgrade() -> None:
    for statement in TABLES + RULES:
        op.execute(statement)


def downgrade() -> None:
    for statement in (
        "DROP FUNCTION post_messages, ask_agents, claim_runs, free_runs, hold_run, settle_run",
        "DROP FUNCTION tell_typing, run_json",
        "DROP TRIGGER runs_ended ON runs",
        "DROP TRIGGER run_steps_ended ON run_steps",
        "DROP FUNCTION leave_mailbox, account_for_step",
        EARLIER_POST,
        "ALTER FUNCTION post_messages SET plan_cache_mode = force_generic_plan",
        "DROP TABLE recurring_messages, run_notices, spending, budgets, step_details",
        "DROP TABLE run_calls, run_posts, run_triggers, run_details, mailbox, channel_policies",
    ):
        op.execute(statement)
