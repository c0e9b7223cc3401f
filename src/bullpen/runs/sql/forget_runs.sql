-- A trace repeats what was said. The id of a channel that is gone may be taken by another one,
-- whose readers are others.
CREATE OR REPLACE FUNCTION forget_runs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Their workers stop. There are no events: they are deleted at once, and rows are not locked after the log lock.
    PERFORM end_runs(
        ARRAY(SELECT id FROM runs WHERE channel_id = OLD.id), 'cancelled', 'cancelled', with_events => false
    );
    DELETE FROM runs WHERE channel_id = OLD.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER channels_gone_runs AFTER DELETE ON channels
FOR EACH ROW EXECUTE FUNCTION forget_runs();
