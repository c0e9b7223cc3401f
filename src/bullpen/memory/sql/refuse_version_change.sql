CREATE OR REPLACE FUNCTION refuse_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Deeper than this trigger alone: a block that is deleted takes its versions with it, and
    -- a run that is deleted is forgotten by them.
    IF TG_OP = 'DELETE' AND current_setting('bullpen.trimming', true) = 'on' THEN
        RETURN OLD;
    END IF;
    -- Who wrote it may be erased, but not what.
    IF TG_OP = 'UPDATE' AND current_setting('bullpen.erasing', true) = 'on'
        AND to_jsonb(NEW) - 'user_id' = to_jsonb(OLD) - 'user_id'
    THEN
        RETURN NEW;
    END IF;
    IF pg_trigger_depth() = 1 THEN
        RAISE EXCEPTION 'versions of a memory block are only ever added'
            USING ERRCODE = 'check_violation',
                  CONSTRAINT = 'ck_memory_block_versions_append_only';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

CREATE OR REPLACE TRIGGER memory_block_versions_append_only
BEFORE UPDATE OR DELETE ON memory_block_versions
FOR EACH ROW EXECUTE FUNCTION refuse_version_change();

CREATE OR REPLACE TRIGGER private_note_versions_append_only
BEFORE UPDATE OR DELETE ON private_note_versions
FOR EACH ROW EXECUTE FUNCTION refuse_version_change();
