CREATE OR REPLACE FUNCTION announce_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('{{events_channel}}', max(id)::text) FROM added;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER events_announced AFTER INSERT ON events
REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION announce_events();
