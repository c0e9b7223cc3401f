CREATE OR REPLACE FUNCTION check_run_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.step_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM run_steps WHERE id = NEW.step_id AND run_id = NEW.run_id
    ) THEN
        RAISE EXCEPTION 'the step % is not one of run %', NEW.step_id, NEW.run_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_run_messages_step';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER run_messages_step
AFTER INSERT OR UPDATE OF run_id, step_id ON run_messages
FOR EACH ROW EXECUTE FUNCTION check_run_message();
