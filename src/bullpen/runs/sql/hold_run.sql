-- False where the worker has it no longer: it has been cancelled, or somebody else has it.
CREATE OR REPLACE FUNCTION hold_run(held uuid, worker_id text, held_attempt integer)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM runs r JOIN mailbox b ON b.run_id = r.id
    WHERE r.id = held AND r.status = 'running'
      AND b.worker = worker_id AND b.attempt = held_attempt
    FOR NO KEY UPDATE OF r;
    RETURN FOUND;
END $$;
