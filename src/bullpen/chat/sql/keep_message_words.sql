CREATE OR REPLACE FUNCTION keep_message_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO message_words (message_id, channel_id, user_id, created_at, words)
    VALUES (NEW.id, NEW.channel_id, NEW.user_id, NEW.created_at,
            message_words_of(NEW.text, NEW.user_id, NEW.channel_id)
            || COALESCE((SELECT a.words FROM attached_words a WHERE a.message_id = NEW.id), ''))
    ON CONFLICT (message_id) DO UPDATE SET channel_id = EXCLUDED.channel_id,
        user_id = EXCLUDED.user_id, created_at = EXCLUDED.created_at, words = EXCLUDED.words;
    RETURN NULL;
END $$;

-- post_messages has split the texts already, and stores the words itself; what is restored brings its words along.
CREATE OR REPLACE TRIGGER messages_words
AFTER INSERT OR UPDATE OF channel_id, user_id, text, created_at ON messages
FOR EACH ROW WHEN (
    current_setting('bullpen.words', true) IS DISTINCT FROM 'split'
    AND current_setting('bullpen.restoring', true) IS DISTINCT FROM 'on'
)
EXECUTE FUNCTION keep_message_words();
