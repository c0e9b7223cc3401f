-- However a run ends, it is in nobody's mailbox any more.
CREATE OR REPLACE FUNCTION leave_mailbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM mailbox WHERE run_id = NEW.id;
    -- Its worker stops, and takes what waited behind it; what nobody had keeps nobody busy.
    PERFORM pg_notify(
        '{{mailbox_channel}}', CASE WHEN OLD.status = 'running' THEN NEW.id::text ELSE '' END
    );
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER runs_ended AFTER UPDATE OF status ON runs
FOR EACH ROW WHEN (
    OLD.status IN ('created', 'running') AND NEW.status NOT IN ('created', 'running')
) EXECUTE FUNCTION leave_mailbox();
