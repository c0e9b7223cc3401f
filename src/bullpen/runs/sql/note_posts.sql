-- Notes that a run has written these messages; if they only say why it does not answer, of which kind.
CREATE OR REPLACE FUNCTION note_posts(run uuid, written uuid[], notice text DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO run_posts (message_id, run_id) SELECT unnest(written), run;
    IF notice IS NOT NULL THEN
        INSERT INTO run_notices (message_id, kind) SELECT unnest(written), notice;
    END IF;
END $$;
