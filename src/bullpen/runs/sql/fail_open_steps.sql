-- Ends the steps that are under way in these runs; account_for_step frees what they reserved. The runs' rows are locked
-- already.
CREATE OR REPLACE FUNCTION fail_open_steps(ending uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE run_steps SET status = 'failed', completed_at = clock_timestamp()
    WHERE run_id = ANY (ending) AND status = 'running';
END $$;
