-- The waiting runs that a claim may choose from: the first of each agent that no pause holds back. Null where none of them can
-- begin. First come the agents with the oldest runs; with few agents and much to do, all of these may have to wait, and then
-- every agent counts. Nor can runs begin in the conversations `resting`. Runs of external agents are claimed by claim_external_run instead. It locks nothing.
CREATE OR REPLACE FUNCTION startable_heads(resting text[] DEFAULT '{}') RETURNS uuid[] LANGUAGE plpgsql AS $$
DECLARE
    heads uuid[];
    all_paused boolean;
    paused_agents text[];
    paused_channels text[];
BEGIN
    -- The rule of is_paused, read once for all runs.
    SELECT COALESCE(bool_or(p.agent_id IS NULL AND p.channel_id IS NULL), false),
           COALESCE(array_agg(p.agent_id) FILTER (WHERE p.agent_id IS NOT NULL), '{}'),
           COALESCE(array_agg(p.channel_id) FILTER (WHERE p.channel_id IS NOT NULL), '{}')
    INTO all_paused, paused_agents, paused_channels FROM pauses p;
    IF all_paused THEN
        RETURN NULL;
    END IF;
    SELECT array_agg(head.run_id) INTO heads FROM (
        SELECT DISTINCT oldest.agent_id FROM (
            SELECT b.agent_id FROM mailbox b WHERE b.worker IS NULL
              AND NOT EXISTS (SELECT FROM external_agents e WHERE e.agent_id = b.agent_id)
            ORDER BY b.priority, b.queued_at, b.run_id LIMIT {{claim_window}}
        ) oldest
    ) waiting CROSS JOIN LATERAL (
        SELECT b.run_id FROM mailbox b
        WHERE b.worker IS NULL AND b.agent_id = waiting.agent_id
          AND b.agent_id <> ALL (paused_agents)
          AND (b.channel_id IS NULL OR b.channel_id <> ALL (paused_channels))
          AND (b.channel_id IS NULL OR conversation_of(b.channel_id, b.thread_id) <> ALL (resting))
        ORDER BY b.priority, b.queued_at, b.run_id LIMIT 1
    ) head;
    IF free_runs(heads, 1, false) IS NOT NULL THEN
        RETURN heads;
    END IF;
    WITH RECURSIVE agent AS (
        (SELECT b.agent_id FROM mailbox b WHERE b.worker IS NULL ORDER BY b.agent_id LIMIT 1)
        UNION ALL
        SELECT next.agent_id FROM agent a CROSS JOIN LATERAL (
            SELECT b.agent_id FROM mailbox b WHERE b.worker IS NULL AND b.agent_id > a.agent_id
            ORDER BY b.agent_id LIMIT 1
        ) next
    )
    SELECT array_agg(head.run_id) INTO heads FROM agent a CROSS JOIN LATERAL (
        SELECT b.run_id FROM mailbox b
        WHERE b.worker IS NULL AND b.agent_id = a.agent_id
          AND b.agent_id <> ALL (paused_agents)
          AND (b.channel_id IS NULL OR b.channel_id <> ALL (paused_channels))
          AND (b.channel_id IS NULL OR conversation_of(b.channel_id, b.thread_id) <> ALL (resting))
        ORDER BY b.priority, b.queued_at, b.run_id LIMIT 1
    ) head;
    RETURN CASE WHEN free_runs(heads, 1, false) IS NOT NULL THEN heads END;
END $$;
