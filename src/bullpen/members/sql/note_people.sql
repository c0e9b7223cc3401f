-- Remembers which channels a person is or was a member of: administrators read only channels that nobody but agents has
-- ever been in, so that what people said there stays theirs after they have left.
CREATE OR REPLACE FUNCTION note_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM people p WHERE p.id = NEW.user_id) THEN
        INSERT INTO peopled_channels (channel_id) VALUES (NEW.channel_id) ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER channel_members_people AFTER INSERT OR UPDATE ON channel_members
FOR EACH ROW EXECUTE FUNCTION note_people();
