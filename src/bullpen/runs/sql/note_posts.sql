-- Notes that a run has written these messages.
CREATE OR REPLACE FUNCTION note_posts(run uuid, written uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO run_posts (message_id, run_id) SELECT unnest(written), run;
END $$;
