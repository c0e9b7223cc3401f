-- Makes runs of what chat/routing.py has decided, and checks only what may have changed since:
-- an agent that has left the channel or is inactive could not answer. `made` are messages of one call of post_messages, so all of
-- them are of one run, or none is. `since`: the run that messages which no run has posted go on from, so that talk among
-- agents counts how deep it is.
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
DECLARE
    new_depth integer;
    starter text;
    of_run boolean;
    -- Asks by waiting runs that they join, as positions in the arrays.
    joining bigint[];
    joined uuid[];
    comes_nearer boolean;
BEGIN
    SELECT d.depth + 1, d.started_by INTO new_depth, starter FROM run_details d
    WHERE d.run_id = COALESCE((SELECT p.run_id FROM run_posts p WHERE p.message_id = ANY (made) LIMIT 1), since);
    of_run := FOUND;
    new_depth := COALESCE(new_depth, 0);
    -- A run that still waits sees these messages, too, when it begins. Each row is looked up by a statement of its own, which
    -- leaves the planner no choice.
    SELECT array_agg(ask.place), array_agg(b.run_id),
           bool_or(b.priority > ask.priority OR (SELECT d.depth FROM run_details d WHERE d.run_id = b.run_id) > new_depth)
    INTO joining, joined, comes_nearer
    FROM unnest(asking, asked, priorities) WITH ORDINALITY ask (message_id, agent_id, priority, place)
    CROSS JOIN LATERAL (
        SELECT m.channel_id, m.parent_message_id FROM messages m WHERE m.id = ask.message_id LIMIT 1
    ) m
    CROSS JOIN LATERAL (
        SELECT b.run_id, b.priority FROM mailbox b
        WHERE b.worker IS NULL AND b.agent_id = ask.agent_id
          AND b.channel_id = m.channel_id AND b.thread_id IS NOT DISTINCT FROM m.parent_message_id
          AND (SELECT d.kind FROM run_details d WHERE d.run_id = b.run_id) = 'message'
        ORDER BY b.priority, b.queued_at LIMIT 1
    ) b
    WHERE ask.message_id = ANY (made)
      AND (SELECT a.is_active FROM agents a WHERE a.id = ask.agent_id)
      AND (
          SELECT true FROM channel_members member
          WHERE member.channel_id = m.channel_id AND member.user_id = ask.agent_id
      );
    IF joined IS NOT NULL THEN
        -- Nobody ends or begins these until the transaction has ended.
        WITH locked AS MATERIALIZED (
            SELECT r.id FROM runs r WHERE r.id = ANY (joined) AND r.status = 'created'
            FOR NO KEY UPDATE SKIP LOCKED
        )
        SELECT array_agg(w.place), array_agg(w.run_id) INTO joining, joined
        FROM unnest(joined, joining) w (run_id, place) WHERE w.run_id IN (SELECT id FROM locked);
    END IF;
    IF joined IS NOT NULL THEN
        INSERT INTO run_triggers (run_id, message_id)
        SELECT w.run_id, asking[w.place] FROM unnest(joined, joining) w (run_id, place)
        ON CONFLICT DO NOTHING;
        IF comes_nearer THEN
            UPDATE run_details d SET depth = new_depth, started_by = CASE WHEN of_run THEN starter ELSE nearest.user_id END
            FROM (
                SELECT DISTINCT ON (w.run_id) w.run_id, m.user_id
                FROM unnest(joined, joining) w (run_id, place) JOIN messages m ON m.id = asking[w.place]
                ORDER BY w.run_id, m.created_at
            ) nearest
            WHERE d.run_id = nearest.run_id AND d.depth > new_depth;
            UPDATE mailbox b SET priority = first.priority
            FROM (
                SELECT w.run_id, min(priorities[w.place]) AS priority
                FROM unnest(joined, joining) w (run_id, place) GROUP BY w.run_id
            ) first
            WHERE b.run_id = first.run_id AND b.priority > first.priority;
        END IF;
        IF cardinality(joining) = cardinality(asking) THEN
            RETURN;
        END IF;
    END IF;
    WITH new AS MATERIALIZED (
        SELECT ask.agent_id, m.channel_id, m.parent_message_id AS thread_id,
               gen_random_uuid() AS id,
               CASE WHEN of_run THEN starter ELSE (array_agg(m.user_id ORDER BY m.created_at))[1] END AS started_by,
               (array_agg(m.id ORDER BY m.created_at, m.id))[1] AS first_id,
               array_agg(m.id) AS message_ids,
               (array_agg(ask.decision ORDER BY m.created_at, m.id))[1] AS decision,
               min(m.created_at) AS queued_at,
               min(ask.priority) AS priority
        FROM unnest(asking, asked, priorities, decisions)
            WITH ORDINALITY ask (message_id, agent_id, priority, decision, place)
        CROSS JOIN LATERAL (SELECT * FROM messages stored WHERE stored.id = ask.message_id LIMIT 1) m
        WHERE ask.message_id = ANY (made) AND ask.place <> ALL (COALESCE(joining, '{}'))
          AND (SELECT a.is_active FROM agents a WHERE a.id = ask.agent_id)
          AND (
              SELECT true FROM channel_members member
              WHERE member.channel_id = m.channel_id AND member.user_id = ask.agent_id
          )
        GROUP BY ask.agent_id, m.channel_id, m.parent_message_id
    ),
    made_runs AS (
        INSERT INTO runs (id, agent_id, trigger_message_id, channel_id, created_at)
        SELECT id, agent_id, first_id, channel_id, queued_at FROM new
        RETURNING runs
    ),
    details AS (
        INSERT INTO run_details (run_id, kind, thread_id, depth, started_by)
        SELECT id, 'message', thread_id, new_depth, started_by FROM new
    ),
    reasons AS (
        INSERT INTO run_decisions (run_id, decision)
        SELECT id, decision::jsonb FROM new WHERE decision IS NOT NULL
    ),
    queued AS (
        INSERT INTO mailbox (run_id, agent_id, channel_id, thread_id, priority, queued_at)
        SELECT id, agent_id, channel_id, thread_id, priority, queued_at FROM new
    ),
    triggers AS (
        INSERT INTO run_triggers (run_id, message_id)
        SELECT id, unnest(message_ids) FROM new
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
