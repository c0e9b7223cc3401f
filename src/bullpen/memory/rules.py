"""What the database enforces about memory beyond columns, as statements that can be repeated.

`db push` applies these; migrations hold copies of their own, and a test proves both equal.
"""

RULES = (
    """
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
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER shared_block_links_shared
    AFTER INSERT OR UPDATE ON shared_block_links
    FOR EACH ROW EXECUTE FUNCTION check_shared_block_link()
    """,
    """
    CREATE OR REPLACE FUNCTION unlink_unshared_block() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM shared_block_links WHERE block_id = NEW.id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER memory_blocks_unshared AFTER UPDATE OF is_shared ON memory_blocks
    FOR EACH ROW WHEN (NOT NEW.is_shared) EXECUTE FUNCTION unlink_unshared_block()
    """,
    """
    CREATE OR REPLACE FUNCTION keep_memory_block_version() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO memory_block_versions (block_id, version, content, user_id, run_id)
        SELECT NEW.id, COALESCE(max(version), 0) + 1, NEW.content,
               NULLIF(current_setting('bullpen.user_id', true), ''),
               NULLIF(current_setting('bullpen.run_id', true), '')::uuid
        FROM memory_block_versions WHERE block_id = NEW.id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER memory_blocks_version_first AFTER INSERT ON memory_blocks
    FOR EACH ROW EXECUTE FUNCTION keep_memory_block_version()
    """,
    """
    CREATE OR REPLACE TRIGGER memory_blocks_version_next AFTER UPDATE OF content ON memory_blocks
    FOR EACH ROW WHEN (OLD.content IS DISTINCT FROM NEW.content)
    EXECUTE FUNCTION keep_memory_block_version()
    """,
    """
    CREATE OR REPLACE FUNCTION refuse_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        -- Deeper than this trigger alone: a block that is deleted takes its versions with it, and
        -- a run that is deleted is forgotten by them.
        IF pg_trigger_depth() = 1 THEN
            RAISE EXCEPTION 'versions of a memory block are only ever added'
                USING ERRCODE = 'check_violation',
                      CONSTRAINT = 'ck_memory_block_versions_append_only';
        END IF;
        RETURN COALESCE(NEW, OLD);
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER memory_block_versions_append_only
    BEFORE UPDATE OR DELETE ON memory_block_versions
    FOR EACH ROW EXECUTE FUNCTION refuse_version_change()
    """,
    """
    CREATE OR REPLACE FUNCTION keep_archival_words() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO archival_words (passage_id, agent_id, created_at, words)
        VALUES (NEW.id, NEW.agent_id, NEW.created_at, to_tsvector('english', NEW.content))
        ON CONFLICT (passage_id) DO UPDATE SET agent_id = EXCLUDED.agent_id,
            created_at = EXCLUDED.created_at, words = EXCLUDED.words;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER archival_passages_words
    AFTER INSERT OR UPDATE OF agent_id, content, created_at ON archival_passages
    FOR EACH ROW EXECUTE FUNCTION keep_archival_words()
    """,
)
