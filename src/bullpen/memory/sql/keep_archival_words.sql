CREATE OR REPLACE FUNCTION keep_archival_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO archival_words (passage_id, agent_id, created_at, words)
    VALUES (NEW.id, NEW.agent_id, NEW.created_at, words_of(NEW.content))
    ON CONFLICT (passage_id) DO UPDATE SET agent_id = EXCLUDED.agent_id,
        created_at = EXCLUDED.created_at, words = EXCLUDED.words;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER archival_passages_words
AFTER INSERT OR UPDATE OF agent_id, content, created_at ON archival_passages
FOR EACH ROW EXECUTE FUNCTION keep_archival_words();
