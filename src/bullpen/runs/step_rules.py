"""How a run's steps are written down, each in one statement, as statements that can be repeated.

What tells of it in the log comes last: from there to its end a transaction has the log's turn, and
whoever waits for it would wait for a client's next statement too. Each may be done again.
"""

RULES = (
    # What the run was given, before its first step; and an end to the step of an attempt that
    # came to none.
    """
    CREATE OR REPLACE FUNCTION introduce_run(
        introduced uuid, worker_id text, held_attempt integer,
        instructions_id uuid, instructions text, prompt_id uuid, prompt text
    ) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM set_config('synchronous_commit', 'off', true);
        IF NOT hold_run(introduced, worker_id, held_attempt) THEN
            RETURN false;
        END IF;
        UPDATE run_steps SET status = 'failed', completed_at = clock_timestamp()
        WHERE run_id = introduced AND status = 'running';
        IF NOT EXISTS (
            SELECT FROM run_messages WHERE run_id = introduced AND step_id IS NULL
        ) THEN
            INSERT INTO run_messages (id, run_id, message_type, content, created_at) VALUES
                (instructions_id, introduced, 'system_message', instructions, clock_timestamp()),
                (prompt_id, introduced, 'user_message', prompt, clock_timestamp());
        END IF;
        RETURN true;
    END $$
    """,
    """
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
        PERFORM tell_runs(ARRAY[begun_run]);
        RETURN true;
    END $$
    """,
    """
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
        -- Of all other ends the next step, or the end of the run, tells at once.
        IF problem IS NOT NULL THEN
            INSERT INTO run_messages (id, run_id, step_id, message_type, content, created_at)
            VALUES (problem_id, ended_run, ended, 'system_message', problem, clock_timestamp());
            PERFORM tell_runs(ARRAY[ended_run]);
        END IF;
        RETURN true;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION record_call(
        called_run uuid, called_step uuid, message_id uuid, answer text, tool text,
        called_turn integer, called_place integer
    ) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO run_messages (
            id, run_id, step_id, message_type, content, tool_name, created_at
        ) VALUES (
            message_id, called_run, called_step, 'tool_return_message', answer, tool,
            clock_timestamp()
        );
        INSERT INTO run_calls (run_id, turn, place, message_id)
        VALUES (called_run, called_turn, called_place, message_id);
        PERFORM tell_runs(ARRAY[called_run]);
    END $$
    """,
)
