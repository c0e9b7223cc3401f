CREATE OR REPLACE FUNCTION unlink_unshared_block() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM shared_block_links WHERE block_id = NEW.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER memory_blocks_unshared AFTER UPDATE OF is_shared ON memory_blocks
FOR EACH ROW WHEN (NOT NEW.is_shared) EXECUTE FUNCTION unlink_unshared_block();
