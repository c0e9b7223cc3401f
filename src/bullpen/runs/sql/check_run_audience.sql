-- A run writes only where all readers may read what it has read (decision 0013). Tools ask first and
-- say why not; this refuses what no tool asked about.
CREATE OR REPLACE FUNCTION check_run_audience() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    writing uuid := NULLIF(current_setting('bullpen.run_id', true), '')::uuid;
    place text;
BEGIN
    CASE TG_TABLE_NAME
        WHEN 'run_posts' THEN
            writing := NEW.run_id;
            SELECT m.channel_id INTO place FROM messages m WHERE m.id = NEW.message_id;
        WHEN 'reactions' THEN
            SELECT m.channel_id INTO place FROM messages m WHERE m.id = NEW.message_id;
        WHEN 'archival_passages' THEN
            SELECT p.channel_id INTO place FROM passage_places p WHERE p.passage_id = NEW.id;
        WHEN 'private_notes' THEN
            place := NEW.channel_id;
        WHEN 'scheduled_messages', 'recurring_messages' THEN
            place := NEW.target_channel_id;
        WHEN 'memory_blocks' THEN
            -- Everybody reads a block's own text.
            place := NULL;
    END CASE;
    IF writing IS NOT NULL AND NOT run_may_reach(writing, readers_of(place)) THEN
        RAISE EXCEPTION 'run % has read what not all readers of % may read', writing, place
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_runs_audience';
    END IF;
    RETURN NULL;
END $$;

-- What is restored was allowed when it was written.
CREATE OR REPLACE TRIGGER run_posts_audience AFTER INSERT ON run_posts
FOR EACH ROW WHEN (current_setting('bullpen.restoring', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION check_run_audience();

CREATE OR REPLACE TRIGGER reactions_audience AFTER INSERT ON reactions
FOR EACH ROW EXECUTE FUNCTION check_run_audience();

CREATE OR REPLACE TRIGGER memory_blocks_audience AFTER INSERT OR UPDATE ON memory_blocks
FOR EACH ROW EXECUTE FUNCTION check_run_audience();

CREATE OR REPLACE TRIGGER archival_passages_audience AFTER INSERT OR UPDATE ON archival_passages
FOR EACH ROW EXECUTE FUNCTION check_run_audience();

CREATE OR REPLACE TRIGGER private_notes_audience AFTER INSERT OR UPDATE ON private_notes
FOR EACH ROW EXECUTE FUNCTION check_run_audience();

CREATE OR REPLACE TRIGGER scheduled_messages_audience AFTER INSERT ON scheduled_messages
FOR EACH ROW EXECUTE FUNCTION check_run_audience();

CREATE OR REPLACE TRIGGER recurring_messages_audience AFTER INSERT ON recurring_messages
FOR EACH ROW EXECUTE FUNCTION check_run_audience();
