-- Appends a call's event when its transaction ends: the log lock is then held for no longer than that takes. If the event were appended
-- at once, everybody who posts would wait until the worker has sent its COMMIT.
CREATE OR REPLACE FUNCTION append_call_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM append_run_events(ARRAY[NEW.run_id]);
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER run_calls_told AFTER INSERT ON run_calls
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION append_call_event();
