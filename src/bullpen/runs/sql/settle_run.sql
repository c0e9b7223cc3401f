CREATE OR REPLACE FUNCTION settle_run(
    settled uuid, worker_id text, settled_attempt integer,
    ended_as text, reason text, what_went_wrong text
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT hold_run(settled, worker_id, settled_attempt) THEN
        RETURN false;
    END IF;
    UPDATE run_steps SET status = 'failed', completed_at = clock_timestamp()
    WHERE run_id = settled AND status = 'running';
    UPDATE run_details SET problem = what_went_wrong, history = NULL
    WHERE run_id = settled AND (what_went_wrong IS NOT NULL OR history IS NOT NULL);
    UPDATE runs SET status = ended_as, stop_reason = reason, completed_at = clock_timestamp()
    WHERE id = settled;
    PERFORM tell_runs(ARRAY[settled], 'agent.done');
    RETURN true;
END $$;
