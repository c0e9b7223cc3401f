CREATE OR REPLACE FUNCTION check_shared_block_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    block memory_blocks;
BEGIN
    -- The lock makes a block that is being unshared wait, or this link find it unshared.
    SELECT * INTO block FROM memory_blocks WHERE id = NEW.block_id FOR SHARE;
    IF NOT block.is_shared THEN
        RAISE EXCEPTION 'block % is not shared', NEW.block_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_shared_block_links_shared';
    ELSIF block.agent_id = NEW.agent_id THEN
        RAISE EXCEPTION 'block % is %''s own', NEW.block_id, NEW.agent_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_shared_block_links_other';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER shared_block_links_shared
AFTER INSERT OR UPDATE ON shared_block_links
FOR EACH ROW EXECUTE FUNCTION check_shared_block_link();
