"""Write a step down in one statement: nobody waits for a client within the turn of the log

Revision ID: 0016
Revises: 0015
"""

# ruff: noqa: E501 - statements as the rules had them

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
ASKING = (
    """
    CREATE OR REPLACE FUNCTION is_joined(waiting uuid) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM FROM run_details WHERE run_id = waiting AND kind = 'message';
        IF NOT FOUND THEN
            RETURN false;
        END IF;
        PERFORM FROM runs WHERE id = waiting AND status = 'created'
        FOR NO KEY UPDATE SKIP LOCKED;
        RETURN FOUND;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION ask_agents(made uuid[]) RETURNS void LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_bitmapscan = off
    SET enable_hashjoin = off SET enable_mergejoin = off AS $$
    BEGIN
        WITH posted AS MATERIALIZED (
            SELECT m.id, m.channel_id, m.parent_message_id AS thread_id, m.user_id, m.text,
                   m.created_at, c.kind, COALESCE(d.depth + 1, 0) AS depth,
                   CASE WHEN d.run_id IS NULL THEN m.user_id ELSE d.started_by END AS started_by
            FROM messages m JOIN channels c ON c.id = m.channel_id
            LEFT JOIN LATERAL (
                SELECT run_id FROM run_posts WHERE message_id = m.id LIMIT 1
            ) p ON true
            LEFT JOIN LATERAL (
                SELECT run_id, depth, started_by FROM run_details WHERE run_id = p.run_id LIMIT 1
            ) d ON true
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
                WHERE b.worker IS NULL AND b.agent_id = g.agent_id
                  AND b.channel_id = g.channel_id AND b.thread_id IS NOT DISTINCT FROM g.thread_id
                  AND is_joined(b.run_id)
                ORDER BY b.queued_at LIMIT 1
            ) w
        ),
        nearer AS (
            UPDATE run_details d SET (depth, started_by) = (
                SELECT w.depth, w.started_by FROM waiting w WHERE w.run_id = d.run_id
            )
            WHERE d.run_id = ANY (ARRAY(SELECT run_id FROM waiting))
              AND d.depth > (SELECT w.depth FROM waiting w WHERE w.run_id = d.run_id)
        ),
        sooner AS (
            UPDATE mailbox b
            SET priority = (SELECT w.priority FROM waiting w WHERE w.run_id = b.run_id)
            WHERE b.run_id = ANY (ARRAY(SELECT run_id FROM waiting))
              AND b.priority > (SELECT w.priority FROM waiting w WHERE w.run_id = b.run_id)
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
)


def upgrade() -> None:
    for statement in RULES + ASKING:
        op.execute(statement)
    op.execute("DROP FUNCTION tell_typing")


def downgrade() -> None:
    for statement in EARLIER:
        op.execute(statement)
    op.execute("DROP FUNCTION introduce_run, begin_step, end_step, record_call, tell_runs")
    op.execute("DROP FUNCTION is_joined")
