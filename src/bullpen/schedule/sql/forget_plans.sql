-- As runs do (`forget_runs`); before them, since a plan that is being taken up makes a run.
CREATE OR REPLACE FUNCTION forget_plans() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM recurring_messages WHERE target_channel_id = OLD.id;
    DELETE FROM scheduled_messages WHERE target_channel_id = OLD.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER channels_gone_plans AFTER DELETE ON channels
FOR EACH ROW EXECUTE FUNCTION forget_plans();
