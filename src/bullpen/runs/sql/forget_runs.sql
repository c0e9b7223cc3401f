-- A trace repeats what was said. The id of a channel that is gone may be taken by another one,
-- whose readers are others.
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
END $$;

CREATE OR REPLACE TRIGGER channels_gone_runs AFTER DELETE ON channels
FOR EACH ROW EXECUTE FUNCTION forget_runs();
