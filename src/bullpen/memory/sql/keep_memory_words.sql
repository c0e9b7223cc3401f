-- Memory blocks are what everybody who sees agents may read. Private notes are kept elsewhere, and never decide who answers.
CREATE OR REPLACE FUNCTION keep_memory_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM note_agent_words(OLD.agent_id, OLD.id::text, NULL, {{memory_weight}});
    ELSE
        PERFORM note_agent_words(NEW.agent_id, NEW.id::text, NEW.content, {{memory_weight}});
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER memory_blocks_words
AFTER INSERT OR DELETE OR UPDATE OF content ON memory_blocks
FOR EACH ROW EXECUTE FUNCTION keep_memory_words();
