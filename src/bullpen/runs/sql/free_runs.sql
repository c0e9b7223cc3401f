-- Of the first runs of some agents those that can begin, one in each conversation, none of a paused place. They are locked,
-- unless `locking` is false.
CREATE OR REPLACE FUNCTION free_runs(heads uuid[], most integer, locking boolean DEFAULT true) RETURNS uuid[]
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
              AND NOT EXISTS (SELECT FROM external_agents e WHERE e.agent_id = h.agent_id)
              -- A place may have been paused since the first look, which leaves paused places out.
              AND (NOT locking OR NOT is_paused(h.agent_id, h.channel_id))
            ORDER BY h.channel_id, h.thread_id,
                     CASE WHEN h.channel_id IS NULL THEN h.run_id END,
                     h.priority, h.queued_at, h.run_id
        ) free ORDER BY priority, queued_at, run_id
    LOOP
        IF locking THEN
            PERFORM FROM runs WHERE id = head.run_id AND status = 'created'
            FOR NO KEY UPDATE SKIP LOCKED;
        END IF;
        IF NOT locking OR FOUND THEN
            found_runs := found_runs || head.run_id;
            EXIT WHEN cardinality(found_runs) >= most;
        END IF;
    END LOOP;
    RETURN found_runs;
END $$;
