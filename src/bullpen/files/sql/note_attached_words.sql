-- The words of a message's files are read later, outside of the transaction that attaches them.
CREATE OR REPLACE FUNCTION note_attached_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO attached_words (message_id) VALUES (NEW.message_id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER files_words AFTER INSERT OR UPDATE OF message_id ON files
FOR EACH ROW WHEN (NEW.message_id IS NOT NULL) EXECUTE FUNCTION note_attached_words();
