CREATE OR REPLACE FUNCTION keep_earlier_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO earlier_texts (message_id, text) VALUES (OLD.id, OLD.text);
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER messages_earlier_text AFTER UPDATE OF text ON messages
FOR EACH ROW WHEN (OLD.text IS DISTINCT FROM NEW.text) EXECUTE FUNCTION keep_earlier_text();
