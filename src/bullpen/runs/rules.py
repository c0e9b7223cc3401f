"""What the database enforces about runs beyond columns, as statements that can be repeated.

`db push` applies these; migrations hold copies of their own, and a test proves both equal.
"""

RULES = (
    """
    CREATE OR REPLACE FUNCTION check_run_steps() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        touched uuid;
        steps integer;
        first integer;
        last integer;
    BEGIN
        FOR touched IN
            SELECT DISTINCT id FROM unnest(ARRAY[OLD.run_id, NEW.run_id]) id WHERE id IS NOT NULL
        LOOP
            -- Two that add a step to one run count one after the other; a run that is being
            -- deleted is gone already, and takes its steps with it.
            PERFORM FROM runs WHERE id = touched FOR NO KEY UPDATE;
            CONTINUE WHEN NOT FOUND;
            SELECT count(*), min(step_number), max(step_number) INTO steps, first, last
            FROM run_steps WHERE run_id = touched;
            IF steps > 0 AND (first <> 1 OR last <> steps) THEN
                RAISE EXCEPTION 'the steps of run % must be numbered from 1 without gaps', touched
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_run_steps_numbers';
            END IF;
            UPDATE runs SET token_usage = usage.total FROM (
                SELECT jsonb_build_object(
                    'input_tokens', COALESCE(sum((token_usage ->> 'input_tokens')::bigint), 0),
                    'output_tokens', COALESCE(sum((token_usage ->> 'output_tokens')::bigint), 0)
                ) AS total
                FROM run_steps WHERE run_id = touched HAVING count(token_usage) > 0
            ) usage WHERE id = touched;
        END LOOP;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER run_steps_numbers
    AFTER INSERT OR DELETE OR UPDATE OF run_id, step_number, token_usage ON run_steps
    FOR EACH ROW EXECUTE FUNCTION check_run_steps()
    """,
    """
    CREATE OR REPLACE FUNCTION check_run_message() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.step_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM run_steps WHERE id = NEW.step_id AND run_id = NEW.run_id
        ) THEN
            RAISE EXCEPTION 'the step % is not one of run %', NEW.step_id, NEW.run_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_run_messages_step';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER run_messages_step
    AFTER INSERT OR UPDATE OF run_id, step_id ON run_messages
    FOR EACH ROW EXECUTE FUNCTION check_run_message()
    """,
    # A trace repeats what was said. The id of a channel that is gone may be taken by another one,
    # whose readers are others.
    """
    CREATE OR REPLACE FUNCTION forget_runs() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        -- What it reserved of other budgets is freed, and its worker stops.
        UPDATE run_steps s SET status = 'failed', completed_at = clock_timestamp()
        FROM runs r WHERE r.id = s.run_id AND r.channel_id = OLD.id AND s.status = 'running';
        UPDATE runs SET status = 'cancelled', stop_reason = 'cancelled',
            completed_at = clock_timestamp()
        WHERE channel_id = OLD.id AND status IN ('created', 'running');
        DELETE FROM runs WHERE channel_id = OLD.id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER channels_gone_runs AFTER DELETE ON channels
    FOR EACH ROW EXECUTE FUNCTION forget_runs()
    """,
)
