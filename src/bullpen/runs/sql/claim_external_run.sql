-- Gives a waiting run of an external agent to a program that answers for it, as claim_runs gives others to workers: one run of
-- an agent at a time, and one answer at a time in a conversation. Null where it cannot begin now. A program that asks again
-- for what it has keeps it.
CREATE OR REPLACE FUNCTION claim_external_run(wanted uuid, worker_id text, lease interval) RETURNS integer
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    claimed integer;
BEGIN
    UPDATE mailbox SET lease_until = clock_timestamp() + lease
    WHERE run_id = wanted AND worker = worker_id
    RETURNING attempt INTO claimed;
    IF FOUND THEN
        RETURN claimed;
    END IF;
    -- A pause waits for claims that are under way, and claims for a pause.
    PERFORM pg_advisory_xact_lock_shared({{claims_lock}});
    -- Claims wait for each other here, so that no two begin in one conversation.
    PERFORM pg_advisory_xact_lock({{log_lock}});
    IF free_external_run(wanted) IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM FROM runs WHERE id = wanted AND status = 'created' FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    UPDATE mailbox SET worker = worker_id, lease_until = clock_timestamp() + lease, attempt = attempt + 1
    WHERE run_id = wanted RETURNING attempt INTO claimed;
    UPDATE runs SET status = 'running', started_at = clock_timestamp() WHERE id = wanted;
    PERFORM append_run_events(ARRAY[wanted], 'agent.typing');
    RETURN claimed;
END $$;
