-- Links what a tool makes to the run and the call that made it: both are settings of the call's transaction. That it is a
-- trigger makes the link certain for each tool, also for one that is added later.
CREATE OR REPLACE FUNCTION note_run_effect() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    making uuid := NULLIF(current_setting('bullpen.run_id', true), '')::uuid;
    made_by uuid := NULLIF(current_setting('bullpen.call_id', true), '')::uuid;
BEGIN
    IF TG_TABLE_NAME = 'run_posts' THEN
        INSERT INTO run_effects (run_id, call_id, message_id) VALUES (NEW.run_id, made_by, NEW.message_id);
        RETURN NULL;
    END IF;
    IF TG_TABLE_NAME = 'channels' THEN
        INSERT INTO run_effects (run_id, call_id, channel_id) VALUES (making, made_by, NEW.id);
        RETURN NULL;
    END IF;
    INSERT INTO run_effects (
        run_id, call_id, block_version_id, note_version_id, passage_id, reaction_id, scheduled_id
    ) VALUES (
        making, made_by,
        CASE WHEN TG_TABLE_NAME = 'memory_block_versions' THEN NEW.id END,
        CASE WHEN TG_TABLE_NAME = 'private_note_versions' THEN NEW.id END,
        CASE WHEN TG_TABLE_NAME = 'archival_passages' THEN NEW.id END,
        CASE WHEN TG_TABLE_NAME = 'reactions' THEN NEW.id END,
        CASE WHEN TG_TABLE_NAME = 'scheduled_messages' THEN NEW.id END
    );
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER memory_block_versions_run AFTER INSERT ON memory_block_versions
FOR EACH ROW WHEN (COALESCE(current_setting('bullpen.run_id', true), '') <> '')
EXECUTE FUNCTION note_run_effect();

CREATE OR REPLACE TRIGGER private_note_versions_run AFTER INSERT ON private_note_versions
FOR EACH ROW WHEN (COALESCE(current_setting('bullpen.run_id', true), '') <> '')
EXECUTE FUNCTION note_run_effect();

CREATE OR REPLACE TRIGGER archival_passages_run AFTER INSERT ON archival_passages
FOR EACH ROW WHEN (COALESCE(current_setting('bullpen.run_id', true), '') <> '')
EXECUTE FUNCTION note_run_effect();

CREATE OR REPLACE TRIGGER reactions_run AFTER INSERT ON reactions
FOR EACH ROW WHEN (COALESCE(current_setting('bullpen.run_id', true), '') <> '')
EXECUTE FUNCTION note_run_effect();

CREATE OR REPLACE TRIGGER scheduled_messages_run AFTER INSERT ON scheduled_messages
FOR EACH ROW WHEN (COALESCE(current_setting('bullpen.run_id', true), '') <> '')
EXECUTE FUNCTION note_run_effect();

CREATE OR REPLACE TRIGGER channels_run AFTER INSERT ON channels
FOR EACH ROW WHEN (COALESCE(current_setting('bullpen.run_id', true), '') <> '')
EXECUTE FUNCTION note_run_effect();

-- A message that only says why an agent does not answer is made by no call.
CREATE OR REPLACE TRIGGER run_posts_run AFTER INSERT ON run_posts
FOR EACH ROW WHEN (COALESCE(current_setting('bullpen.call_id', true), '') <> '')
EXECUTE FUNCTION note_run_effect();
