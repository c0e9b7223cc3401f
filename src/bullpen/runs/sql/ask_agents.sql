-- Makes runs of what chat/routing.py has decided, and checks only what may have changed since:
-- an agent that has left the channel or is inactive could not answer. `since`: the run that messages which no run has posted go
-- on from, so that talk among agents counts how deep it is.
-- One plan for all times, made while these tables may be empty: so it is told to go by their
-- indexes, and where that would still leave a choice, each row is looked up by itself.
CREATE OR REPLACE FUNCTION ask_agents(
    made uuid[], asking uuid[], asked text[], priorities smallint[], since uuid DEFAULT NULL,
    decisions json[] DEFAULT '{}'
) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    WITH grouped AS MATERIALIZED (
        SELECT ask.agent_id, m.channel_id, m.parent_message_id AS thread_id,
               gen_random_uuid() AS new_id,
               min(COALESCE(d.depth + 1, 0)) AS depth,
               (array_agg(
                   CASE WHEN d.run_id IS NULL THEN m.user_id ELSE d.started_by END
                   ORDER BY d.depth NULLS FIRST, m.created_at
               ))[1] AS started_by,
               (array_agg(m.id ORDER BY m.created_at, m.id))[1] AS first_id,
               array_agg(m.id) AS message_ids,
               (array_agg(ask.decision ORDER BY m.created_at, m.id))[1] AS decision,
               min(m.created_at) AS queued_at,
               min(ask.priority) AS priority
        FROM unnest(asking, asked, priorities, decisions) ask (message_id, agent_id, priority, decision)
        JOIN messages m ON m.id = ask.message_id
        JOIN agents a ON a.id = ask.agent_id AND a.is_active
        JOIN channel_members member
            ON member.channel_id = m.channel_id AND member.user_id = ask.agent_id
        LEFT JOIN LATERAL (
            SELECT run_id FROM run_posts WHERE message_id = m.id LIMIT 1
        ) p ON true
        LEFT JOIN LATERAL (
            SELECT run_id, depth, started_by FROM run_details WHERE run_id = COALESCE(p.run_id, since) LIMIT 1
        ) d ON true
        WHERE ask.message_id = ANY (made)
        GROUP BY ask.agent_id, m.channel_id, m.parent_message_id
    ),
    -- One that still waits sees these messages, too, when it begins.
    waiting AS MATERIALIZED (
        SELECT g.new_id, w.run_id, g.message_ids, g.depth, g.started_by, g.priority
        FROM grouped g CROSS JOIN LATERAL (
            SELECT b.run_id FROM mailbox b
            JOIN run_details d ON d.run_id = b.run_id AND d.kind = 'message'
            JOIN runs r ON r.id = b.run_id AND r.status = 'created'
            WHERE b.worker IS NULL AND b.agent_id = g.agent_id
              AND b.channel_id = g.channel_id AND b.thread_id IS NOT DISTINCT FROM g.thread_id
            -- Nobody ends or begins it until the transaction has ended.
            ORDER BY b.queued_at LIMIT 1 FOR NO KEY UPDATE OF r SKIP LOCKED
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
    reasons AS (
        INSERT INTO run_decisions (run_id, decision)
        SELECT new_id, decision::jsonb FROM new WHERE decision IS NOT NULL
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
        PERFORM pg_notify('{{mailbox_channel}}', '');
    END IF;
END $$;
