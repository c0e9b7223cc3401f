-- Tells of a call when its transaction ends: the log lock is then held for no longer than that takes. If the call were told of
-- at once, everybody who posts would wait until the worker has sent its COMMIT.
CREATE OR REPLACE FUNCTION tell_call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_runs(ARRAY[NEW.run_id]);
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER run_calls_told AFTER INSERT ON run_calls
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tell_call();
