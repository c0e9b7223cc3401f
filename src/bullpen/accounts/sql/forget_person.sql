-- What names a person who is deleted without belonging to them: who made a token or a link, and invitations that were
-- sent to their address. What belongs to them goes by its foreign keys.
CREATE OR REPLACE FUNCTION forget_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE api_tokens SET created_by = NULL WHERE created_by = OLD.id;
    UPDATE links SET created_by = NULL WHERE created_by = OLD.id;
    DELETE FROM links WHERE lower(email) = lower(OLD.email);
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER people_forget_person
AFTER DELETE ON people
FOR EACH ROW EXECUTE FUNCTION forget_person();
