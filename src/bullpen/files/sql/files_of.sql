-- What a message's JSON has of its files: `{"files": [...]}`, or nothing where it has none.
CREATE OR REPLACE FUNCTION files_of(of_message uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN count(*) = 0 THEN '{}'::jsonb
        ELSE jsonb_build_object('files', jsonb_agg({{file_json}} ORDER BY f.place)) END
    FROM files f WHERE f.message_id = of_message
$$;
