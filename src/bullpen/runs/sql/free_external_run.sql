-- A waiting run of an external agent, if it could begin now: the agent has no run under way, nobody is answering in the
-- conversation, and neither is paused.
CREATE OR REPLACE FUNCTION free_external_run(wanted uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT b.run_id FROM mailbox b
    JOIN external_agents e ON e.agent_id = b.agent_id
    JOIN agents a ON a.id = b.agent_id AND a.is_active
    WHERE b.run_id = wanted AND b.worker IS NULL AND NOT EXISTS (
        SELECT FROM runs r WHERE r.agent_id = b.agent_id AND r.status = 'running'
    ) AND NOT EXISTS (
        SELECT FROM mailbox other
        WHERE other.worker IS NOT NULL AND other.channel_id = b.channel_id
          AND other.thread_id IS NOT DISTINCT FROM b.thread_id
    ) AND NOT is_paused(b.agent_id, b.channel_id)
$$;
