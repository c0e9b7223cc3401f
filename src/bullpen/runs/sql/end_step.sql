CREATE OR REPLACE FUNCTION end_step(
    ended_run uuid, worker_id text, held_attempt integer,
    ended uuid, ended_as text, usage jsonb, cost double precision, kept_history bytea,
    problem_id uuid, problem text
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    IF NOT hold_run(ended_run, worker_id, held_attempt) THEN
        RETURN false;
    END IF;
    IF cost > 0 OR ended_as = 'failed' THEN
        UPDATE step_details SET cost_usd = cost WHERE step_id = ended;
    END IF;
    UPDATE run_steps SET status = ended_as, token_usage = usage,
        completed_at = clock_timestamp()
    WHERE id = ended AND status = 'running';
    IF NOT FOUND THEN
        RETURN true;
    END IF;
    IF kept_history IS NOT NULL THEN
        UPDATE run_details SET history = kept_history WHERE run_id = ended_run;
    END IF;
    -- After all other ends the event of the next step, or of the end of the run, follows at once.
    IF problem IS NOT NULL THEN
        INSERT INTO run_messages (id, run_id, step_id, message_type, content, created_at)
        VALUES (problem_id, ended_run, ended, 'system_message', problem, clock_timestamp());
        PERFORM append_run_events(ARRAY[ended_run]);
    END IF;
    RETURN true;
END $$;
