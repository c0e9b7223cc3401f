-- The step of an answer that came from elsewhere, complete. It accounts for its cost, and appends no event: spending is
-- locked before the log lock. The run is held.
CREATE OR REPLACE FUNCTION record_external_step(
    answered uuid, made uuid, model text, asked json, usage jsonb, cost double precision
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO run_steps (id, run_id, step_number, model_id)
    SELECT made, answered, COALESCE(max(step_number), 0) + 1, model FROM run_steps WHERE run_id = answered;
    INSERT INTO step_details (step_id, request, cost_usd) VALUES (made, asked, cost);
    UPDATE run_steps SET status = 'completed', token_usage = usage, completed_at = clock_timestamp()
    WHERE id = made;
END $$;
