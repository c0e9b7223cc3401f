CREATE OR REPLACE FUNCTION keep_agent_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_agent_words(NEW.id, 'name', NEW.display_name, {{name_weight}}),
            note_agent_words(NEW.id, 'title', NEW.title, {{title_weight}}),
            note_agent_words(NEW.id, 'persona', NEW.system_prompt, {{persona_weight}});
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER agents_words
AFTER INSERT OR UPDATE OF display_name, title, system_prompt ON agents
FOR EACH ROW EXECUTE FUNCTION keep_agent_words();
