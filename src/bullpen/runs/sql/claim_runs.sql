-- The first run in each agent's order, where the agent has none under way and nobody else is
-- speaking in its conversation; and runs whose worker has let its lease run out. In the conversations `resting` nothing
-- begins now. `flooded` is the conversation of a run that has very many messages to answer. How much waits changes faster
-- than the planner's statistics, so it is told to go by the indexes.
CREATE OR REPLACE FUNCTION claim_runs(worker_id text, most integer, lease interval, resting text[] DEFAULT '{}')
RETURNS TABLE (run_id uuid, attempt integer, flooded text) LANGUAGE plpgsql
-- As in ask_agents: disabled nodes look dear.
SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
    heads uuid[];
    taken uuid[];
    lost uuid[];
BEGIN
    -- A pause waits for claims that are under way, and claims for a pause.
    PERFORM pg_advisory_xact_lock_shared({{claims_lock}});
    -- First without the log lock: where there is nothing to claim, nobody who posts waits for this look.
    heads := startable_heads(resting);
    IF heads IS NULL AND NOT EXISTS (
        SELECT FROM mailbox b WHERE b.worker IS NOT NULL
          AND NOT EXISTS (SELECT FROM external_agents e WHERE e.agent_id = b.agent_id)
          AND b.lease_until NOT BETWEEN clock_timestamp() AND clock_timestamp() + lease * 2
    ) THEN
        RETURN;
    END IF;
    -- That a run was taken may be forgotten with the server: then it is taken again.
    PERFORM set_config('synchronous_commit', 'off', true);
    PERFORM pg_advisory_xact_lock({{log_lock}});
    -- Everything may have changed while this waited for the lock: free_runs checks all of it again.
    IF heads IS NOT NULL THEN
        taken := free_runs(heads, most);
        IF taken IS NULL THEN
            -- Another claim has taken these, and others may be left.
            taken := free_runs(startable_heads(resting), most);
        END IF;
    END IF;
    WITH locked AS (
        SELECT b.run_id FROM mailbox b JOIN runs r ON r.id = b.run_id
        -- Nobody leases for so long: the clock was set back, and the worker may be gone.
        WHERE b.worker IS NOT NULL
          AND b.lease_until NOT BETWEEN clock_timestamp() AND clock_timestamp() + lease * 2
          AND r.status = 'running'
          AND NOT EXISTS (SELECT FROM external_agents e WHERE e.agent_id = b.agent_id)
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
        PERFORM append_run_events(taken, 'agent.typing');
    END IF;
    RETURN QUERY SELECT b.run_id, b.attempt, CASE WHEN (
        SELECT count(*) FROM (SELECT FROM run_triggers t WHERE t.run_id = b.run_id LIMIT {{flood}}) first
    ) = {{flood}} THEN conversation_of(b.channel_id, b.thread_id) END FROM mailbox b
    WHERE b.run_id = ANY (taken || lost) ORDER BY b.priority, b.queued_at, b.run_id;
END $$;
