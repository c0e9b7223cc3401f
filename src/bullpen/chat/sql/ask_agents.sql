-- One plan for all times, made while these tables may be empty: so it is told to go by their
-- indexes, and where that would still leave a choice, each row is looked up by itself.
CREATE OR REPLACE FUNCTION ask_agents(made uuid[]) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
-- A plan of disabled nodes looks so dear that it would be compiled each time, for seconds.
SET jit = off
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
        WHERE m.id = ANY (made) AND (d.run_id IS NULL OR d.depth < {{deepest_answer}} AND (
            SELECT count(*) FILTER (WHERE of_run) < {{answers_in_a_row}} FROM (
                (
                    SELECT EXISTS (SELECT FROM run_posts WHERE message_id = said.id) AS of_run
                    FROM messages said
                    WHERE m.parent_message_id IS NULL AND said.channel_id = m.channel_id
                      AND said.parent_message_id IS NULL
                    ORDER BY said.created_at DESC, said.id DESC LIMIT {{answers_in_a_row}}
                )
                UNION ALL
                (
                    SELECT EXISTS (SELECT FROM run_posts WHERE message_id = said.id)
                    FROM messages said
                    WHERE said.parent_message_id = m.parent_message_id
                    ORDER BY said.created_at DESC, said.id DESC LIMIT {{answers_in_a_row}}
                )
            ) newest
        ))
    ),
    mentioned AS (
        SELECT DISTINCT id, agent_id FROM (
            SELECT p.id, a.id AS agent_id, how.rank,
                   min(how.rank) OVER (PARTITION BY p.id, found.words) AS best
            FROM posted p
            CROSS JOIN LATERAL (
                SELECT words FROM regexp_matches(p.text, '{{mention}}', 'g')
                    WITH ORDINALITY met (words, place)
                GROUP BY words ORDER BY min(place) LIMIT {{most_mentions}}
            ) found
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
        PERFORM pg_notify('{{mailbox_channel}}', '');
    END IF;
END $$;
