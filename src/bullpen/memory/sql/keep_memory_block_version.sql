CREATE OR REPLACE FUNCTION keep_memory_block_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO memory_block_versions (block_id, version, content, user_id, run_id)
    SELECT NEW.id, COALESCE(max(version), 0) + 1, NEW.content,
           NULLIF(current_setting('bullpen.user_id', true), ''),
           NULLIF(current_setting('bullpen.run_id', true), '')::uuid
    FROM memory_block_versions WHERE block_id = NEW.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER memory_blocks_version_first AFTER INSERT ON memory_blocks
FOR EACH ROW EXECUTE FUNCTION keep_memory_block_version();

CREATE OR REPLACE TRIGGER memory_blocks_version_next AFTER UPDATE OF content ON memory_blocks
FOR EACH ROW WHEN (OLD.content IS DISTINCT FROM NEW.content)
EXECUTE FUNCTION keep_memory_block_version();
