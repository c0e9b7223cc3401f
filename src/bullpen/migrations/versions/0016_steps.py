"""Write a step down in one statement: nobody waits for a client within the turn of the log

Revision ID: 0016
Revises: 0015
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

RULES = (
    """
    CREATE OR REPLACE FUNCTION leave_mailbox() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM mailbox WHERE run_id = NEW.id;
        -- Its worker stops, and takes what waited behind it; what nobody had keeps nobody busy.
        PERFORM pg_notify(
            'bullpen_mailbox', CASE WHEN OLD.status = 'running' THEN NEW.id::text ELSE '' END
        );
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION tell_runs(told uuid[], typing text DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO events (kind, channel_id, payload)
        SELECT e.kind, r.channel_id, e.payload
        FROM runs r JOIN run_details d ON d.run_id = r.id CROSS JOIN LATERAL (VALUES
            (1, 'run.changed', jsonb_build_object('run', run_json(r))),
            (2, typing, jsonb_build_object(
                'agentId', r.agent_id, 'channelId', r.channel_id, 'parentMessageId', d.thread_id
            ))
        ) e (place, kind, payload)
        WHERE r.id = ANY (told) AND (
            e.place = 1 OR (typing IS NOT NULL AND r.channel_id IS NOT NULL)
        )
        ORDER BY e.place, r.id;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION claim_runs(worker_id text, most integer, lease interval)
    RETURNS TABLE (run_id uuid, attempt integer) LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_bitmapscan = off
    SET enable_hashjoin = off SET enable_mergejoin = off AS $$
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
        SELECT array_agg(head.run_id) INTO heads FROM (
            SELECT DISTINCT oldest.agent_id FROM (
                SELECT b.agent_id FROM mailbox b WHERE b.worker IS NULL
                ORDER BY b.priority, b.queued_at, b.run_id LIMIT 100
            ) oldest
        ) waiting CROSS JOIN LATERAL (
            SELECT b.run_id FROM mailbox b
            WHERE b.worker IS NULL AND b.agent_id = waiting.agent_id
            ORDER BY b.priority, b.queued_at, b.run_id LIMIT 1
        ) head;
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
        IF taken IS NOT NULL THEN
            PERFORM tell_runs(taken, 'agent.typing');
        END IF;
        RETURN QUERY SELECT b.run_id, b.attempt FROM mailbox b
        WHERE b.run_id = ANY (taken || lost) ORDER BY b.priority, b.queued_at, b.run_id;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION free_runs(heads uuid[], most integer) RETURNS uuid[]
    LANGUAGE plpgsql AS $$
    DECLARE
        found_runs uuid[];
        head record;
    BEGIN
        FOR head IN
            SELECT * FROM (
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
                ORDER BY h.channel_id, h.thread_id,
                         CASE WHEN h.channel_id IS NULL THEN h.run_id END,
                         h.priority, h.queued_at, h.run_id
            ) free ORDER BY priority, queued_at, run_id
        LOOP
            PERFORM FROM runs WHERE id = head.run_id AND status = 'created'
            FOR NO KEY UPDATE SKIP LOCKED;
            IF FOUND THEN
                found_runs := found_runs || head.run_id;
                EXIT WHEN cardinality(found_runs) >= most;
            END IF;
        END LOOP;
        RETURN found_runs;
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
        PERFORM tell_runs(ARRAY[settled], 'agent.done');
        RETURN true;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION introduce_run(
        introduced uuid, worker_id text, held_attempt integer,
        instructions_id uuid, instructions text, prompt_id uuid, prompt text
    ) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM set_config('synchronous_commit', 'off', true);
        IF NOT hold_run(introduced, worker_id, held_attempt) THEN
            RETURN false;
        END IF;
        UPDATE run_steps SET status = 'failed', completed_at = clock_timestamp()
        WHERE run_id = introduced AND status = 'running';
        IF NOT EXISTS (
            SELECT FROM run_messages WHERE run_id = introduced AND step_id IS NULL
        ) THEN
            INSERT INTO run_messages (id, run_id, message_type, content, created_at) VALUES
                (instructions_id, introduced, 'system_message', instructions, clock_timestamp()),
                (prompt_id, introduced, 'user_message', prompt, clock_timestamp());
        END IF;
        RETURN true;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION begin_step(
        begun_run uuid, worker_id text, held_attempt integer,
        begun uuid, model text, asked json, reserved double precision
    ) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM set_config('synchronous_commit', 'off', true);
        IF NOT hold_run(begun_run, worker_id, held_attempt) THEN
            RETURN false;
        END IF;
        IF EXISTS (SELECT FROM run_steps WHERE id = begun) THEN
            RETURN true;
        END IF;
        INSERT INTO run_steps (id, run_id, step_number, model_id)
        SELECT begun, begun_run, COALESCE(max(step_number), 0) + 1, model
        FROM run_steps WHERE run_id = begun_run;
        INSERT INTO step_details (step_id, request, reserved_usd) VALUES (begun, asked, reserved);
        PERFORM tell_runs(ARRAY[begun_run]);
        RETURN true;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION end_step(
        ended_run uuid, worker_id text, held_attempt integer,
        ended uuid, ended_as text, usage jsonb, cost double precision, kept_history bytea,
        problem_id uuid, problem text
    ) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM set_config('synchronous_commit', 'off', true);
        IF NOT hold_run(ended_run, worker_id, held_attempt) THEN
            RETURN false;
        END IF;
        IF cost > 0 OR ended_as = 'failed' THEN
            UPDATE step_details SET cost_usd = cost WHERE step_id = ended;
        END IF;
        UPDATE run_steps SET status = ended_as, token_usage = usage,
            completed_at = clock_timestamp()
        WHERE id = ended AND status = 'running';
        IF NOT FOUND THEN
            RETURN true;
        END IF;
        IF kept_history IS NOT NULL THEN
            UPDATE run_details SET history = kept_history WHERE run_id = ended_run;
        END IF;
        -- Of all other ends the next step, or the end of the run, tells at once.
        IF problem IS NOT NULL THEN
            INSERT INTO run_messages (id, run_id, step_id, message_type, content, created_at)
            VALUES (problem_id, ended_run, ended, 'system_message', problem, clock_timestamp());
            PERFORM tell_runs(ARRAY[ended_run]);
        END IF;
        RETURN true;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION record_call(
        called_run uuid, called_step uuid, message_id uuid, answer text, tool text,
        called_turn integer, called_place integer
    ) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO run_messages (
            id, run_id, step_id, message_type, content, tool_name, created_at
        ) VALUES (
            message_id, called_run, called_step, 'tool_return_message', answer, tool,
            clock_timestamp()
        );
        INSERT INTO run_calls (run_id, turn, place, message_id)
        VALUES (called_run, called_turn, called_place, message_id);
        PERFORM tell_runs(ARRAY[called_run]);
    END $$
    """,
)
EARLIER = (
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
)


def upgrade() -> None:
    for statement in RULES:
        op.execute(statement)
    op.execute("DROP FUNCTION tell_typing")


def downgrade() -> None:
    for statement in EARLIER:
        op.execute(statement)
    op.execute("DROP FUNCTION introduce_run, begin_step, end_step, record_call, tell_runs")
