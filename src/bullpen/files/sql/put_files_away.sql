-- Takes the files of messages that are deleted off them, and answers what take_files_back needs. Until then they are as
-- uploads that are not complete: nobody reads them, and they are removed soon.
CREATE OR REPLACE FUNCTION put_files_away(messages uuid[]) RETURNS jsonb LANGUAGE sql AS $$
    WITH going AS MATERIALIZED (
        SELECT id, message_id, completed_at FROM files WHERE message_id = ANY (messages) ORDER BY id FOR UPDATE
    ), gone AS (
        UPDATE files f SET message_id = NULL, completed_at = NULL, touched_at = clock_timestamp(),
            attempt = gen_random_uuid()
        FROM going WHERE f.id = going.id
        RETURNING f.id, going.message_id, going.completed_at, f.attempt
    )
    SELECT jsonb_agg(to_jsonb(gone)) FROM gone
$$;
