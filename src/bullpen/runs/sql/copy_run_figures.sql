-- Keeps the columns of run_figures that repeat the run's own.
CREATE OR REPLACE FUNCTION copy_run_figures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO run_figures AS f (run_id, agent_id, channel_id, status, created_at, seconds)
    VALUES (
        NEW.id, NEW.agent_id, NEW.channel_id, NEW.status, NEW.created_at,
        extract(epoch FROM NEW.completed_at - NEW.started_at)::float8
    )
    ON CONFLICT (run_id) DO UPDATE SET
        agent_id = EXCLUDED.agent_id, channel_id = EXCLUDED.channel_id, status = EXCLUDED.status,
        created_at = EXCLUDED.created_at, seconds = EXCLUDED.seconds;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER runs_figures
AFTER INSERT OR UPDATE OF agent_id, channel_id, status, created_at, started_at, completed_at ON runs
FOR EACH ROW EXECUTE FUNCTION copy_run_figures();
