-- Ends the sessions of a person who is deactivated or gets another role, and the links that were made for them, regardless of what
-- changed the row: their browsers sign in again, with their new permissions.
CREATE OR REPLACE FUNCTION end_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM sessions WHERE person_id = NEW.id;
    DELETE FROM links WHERE person_id = NEW.id AND used_at IS NULL AND NOT NEW.is_active;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER people_end_sessions
AFTER UPDATE OF role, is_active ON people
FOR EACH ROW WHEN (NEW.role <> OLD.role OR NOT NEW.is_active) EXECUTE FUNCTION end_sessions();
