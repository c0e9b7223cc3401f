-- Held until the transaction has ended, so that the order of numbers is the order of commits:
-- a reader that has seen a number has seen all before it, or never will.
CREATE OR REPLACE FUNCTION lock_event_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock({{log_lock}});
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER events_lock BEFORE INSERT ON events
FOR EACH STATEMENT EXECUTE FUNCTION lock_event_log();
