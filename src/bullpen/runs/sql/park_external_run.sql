-- Puts a run back that a program has claimed and not answered: it waits again. False where that program has it no longer.
CREATE OR REPLACE FUNCTION park_external_run(parked uuid, worker_id text, held_attempt integer) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT hold_run(parked, worker_id, held_attempt) THEN
        RETURN false;
    END IF;
    PERFORM park_runs(ARRAY[parked]);
    RETURN true;
END $$;
