-- Ends a run that a worker has claimed. False where the worker has it no longer.
CREATE OR REPLACE FUNCTION settle_run(
    settled uuid, worker_id text, settled_attempt integer,
    ended_as text, reason text, what_went_wrong text
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT hold_run(settled, worker_id, settled_attempt) THEN
        RETURN false;
    END IF;
    PERFORM end_runs(ARRAY[settled], ended_as, reason, what_went_wrong);
    RETURN true;
END $$;
