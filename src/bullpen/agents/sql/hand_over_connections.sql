-- The keys that a person has entered stay when the person is erased; who stands in their place has entered them then.
CREATE OR REPLACE FUNCTION hand_over_connections() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE provider_connections
    SET entered_by = COALESCE(NULLIF(current_setting('bullpen.former_id', true), ''), 'former')
    WHERE entered_by = OLD.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER people_hand_over_connections
AFTER DELETE ON people
FOR EACH ROW EXECUTE FUNCTION hand_over_connections();
