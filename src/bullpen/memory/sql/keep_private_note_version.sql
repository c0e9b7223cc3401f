CREATE OR REPLACE FUNCTION keep_private_note_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO private_note_versions (note_id, version, content, user_id, run_id)
    VALUES (
        NEW.id, NEW.version, NEW.content,
        NULLIF(current_setting('bullpen.user_id', true), ''),
        NULLIF(current_setting('bullpen.run_id', true), '')::uuid
    );
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER private_notes_version_first AFTER INSERT ON private_notes
FOR EACH ROW EXECUTE FUNCTION keep_private_note_version();

CREATE OR REPLACE TRIGGER private_notes_version_next AFTER UPDATE OF version ON private_notes
FOR EACH ROW WHEN (OLD.version IS DISTINCT FROM NEW.version)
EXECUTE FUNCTION keep_private_note_version();
