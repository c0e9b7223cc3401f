-- Notes that a run has written these messages, and by which tool call; if they only say why it does not answer, which no call
-- writes, of which kind.
CREATE OR REPLACE FUNCTION note_posts(run uuid, written uuid[], notice text DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    made_by uuid := NULLIF(current_setting('bullpen.call_id', true), '')::uuid;
BEGIN
    INSERT INTO run_posts (message_id, run_id) SELECT unnest(written), run;
    IF notice IS NOT NULL THEN
        INSERT INTO run_notices (message_id, kind) SELECT unnest(written), notice;
    END IF;
    IF made_by IS NOT NULL THEN
        INSERT INTO run_effects (run_id, call_id, message_id) SELECT run, made_by, unnest(written);
    END IF;
END $$;
