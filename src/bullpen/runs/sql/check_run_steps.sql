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
        UPDATE run_figures SET (model_id, input_tokens, longest_request, output_tokens) = (
            SELECT (array_agg(model_id ORDER BY step_number))[1],
                   sum((token_usage ->> 'input_tokens')::bigint)::bigint,
                   max((token_usage ->> 'input_tokens')::bigint),
                   sum((token_usage ->> 'output_tokens')::bigint)::bigint
            FROM run_steps WHERE run_id = touched
        ) WHERE run_id = touched;
    END LOOP;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER run_steps_numbers
AFTER INSERT OR DELETE OR UPDATE OF run_id, step_number, model_id, token_usage ON run_steps
FOR EACH ROW EXECUTE FUNCTION check_run_steps();
