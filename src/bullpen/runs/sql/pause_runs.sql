-- Parks runs because of a pause. Such an attempt does not count among those after which a run is given up.
CREATE OR REPLACE FUNCTION pause_runs(paused uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF cardinality(paused) = 0 THEN
        RETURN;
    END IF;
    INSERT INTO parked_runs AS p (run_id, times) SELECT unnest(paused), 1
    ON CONFLICT (run_id) DO UPDATE SET times = p.times + 1;
    PERFORM park_runs(paused);
END $$;
