-- Whether a run that waits is about messages, and can take in another: then nobody ends or
-- begins it until the transaction has ended.
CREATE OR REPLACE FUNCTION is_joined(waiting uuid) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM run_details WHERE run_id = waiting AND kind = 'message';
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM FROM runs WHERE id = waiting AND status = 'created'
    FOR NO KEY UPDATE SKIP LOCKED;
    RETURN FOUND;
END $$;
