CREATE OR REPLACE FUNCTION begin_step(
    begun_run uuid, worker_id text, held_attempt integer,
    begun uuid, model text, asked json, reserved double precision
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    IF NOT hold_run(begun_run, worker_id, held_attempt) THEN
        RETURN false;
    END IF;
    IF EXISTS (SELECT FROM run_steps WHERE id = begun) THEN
        RETURN true;
    END IF;
    INSERT INTO run_steps (id, run_id, step_number, model_id)
    SELECT begun, begun_run, COALESCE(max(step_number), 0) + 1, model
    FROM run_steps WHERE run_id = begun_run;
    INSERT INTO step_details (step_id, request, reserved_usd) VALUES (begun, asked, reserved);
    PERFORM append_run_events(ARRAY[begun_run]);
    RETURN true;
END $$;
