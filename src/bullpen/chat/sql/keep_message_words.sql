CREATE OR REPLACE FUNCTION keep_message_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO message_words (message_id, channel_id, user_id, created_at, words)
    VALUES (NEW.id, NEW.channel_id, NEW.user_id, NEW.created_at, message_words_of(NEW))
    ON CONFLICT (message_id) DO UPDATE SET channel_id = EXCLUDED.channel_id,
        user_id = EXCLUDED.user_id, created_at = EXCLUDED.created_at, words = EXCLUDED.words;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER messages_words
AFTER INSERT OR UPDATE OF channel_id, user_id, text, created_at ON messages
FOR EACH ROW EXECUTE FUNCTION keep_message_words();
