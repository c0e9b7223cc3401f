-- What the run was given, before its first step; and an end to the step of an attempt that
-- came to none.
CREATE OR REPLACE FUNCTION introduce_run(
    introduced uuid, worker_id text, held_attempt integer,
    instructions_id uuid, instructions text, prompt_id uuid, prompt text
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    IF NOT hold_run(introduced, worker_id, held_attempt) THEN
        RETURN false;
    END IF;
    PERFORM fail_open_steps(ARRAY[introduced]);
    IF NOT EXISTS (
        SELECT FROM run_messages WHERE run_id = introduced AND step_id IS NULL
    ) THEN
        INSERT INTO run_messages (id, run_id, message_type, content, created_at) VALUES
            (instructions_id, introduced, 'system_message', instructions, clock_timestamp()),
            (prompt_id, introduced, 'user_message', prompt, clock_timestamp());
    END IF;
    RETURN true;
END $$;
