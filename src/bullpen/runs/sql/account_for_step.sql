-- However it ends, what was reserved for it is freed. What it cost is not known of one whose
-- worker died: that may have been all of it.
CREATE OR REPLACE FUNCTION account_for_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    detail step_details;
    spent double precision;
BEGIN
    SELECT * INTO detail FROM step_details WHERE step_id = NEW.id;
    spent := COALESCE(
        detail.cost_usd, CASE WHEN NEW.status = 'failed' THEN detail.reserved_usd END, 0
    );
    IF spent > 0 THEN
        UPDATE run_details SET cost_usd = COALESCE(cost_usd, 0) + spent
        WHERE run_id = NEW.run_id;
    END IF;
    IF spent > 0 OR detail.reserved_usd > 0 THEN
        INSERT INTO spending AS s (day, agent_id, channel_id, spent_usd)
        SELECT (NEW.created_at AT TIME ZONE 'UTC')::date, place.agent_id, place.channel_id,
               spent
        FROM runs r CROSS JOIN LATERAL (VALUES
            (1, r.agent_id, NULL),
            (2, NULL, (SELECT id FROM channels WHERE id = r.channel_id)),
            (3, NULL, NULL)
        ) place (number, agent_id, channel_id)
        WHERE r.id = NEW.run_id AND (place.number <> 2 OR place.channel_id IS NOT NULL)
        ORDER BY place.number
        ON CONFLICT (day, agent_id, channel_id) DO UPDATE SET
            spent_usd = s.spent_usd + spent,
            reserved_usd = GREATEST(s.reserved_usd - detail.reserved_usd, 0);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER run_steps_ended AFTER UPDATE OF status ON run_steps
FOR EACH ROW WHEN (OLD.status = 'running' AND NEW.status <> 'running')
EXECUTE FUNCTION account_for_step();
