-- Gives files that put_files_away has taken to their messages again. One that was uploaded anew meanwhile is another one.
CREATE OR REPLACE FUNCTION take_files_back(kept jsonb) RETURNS void LANGUAGE sql AS $$
    UPDATE files f SET message_id = x.message_id, completed_at = x.completed_at
    FROM jsonb_to_recordset(NULLIF(kept, 'null')) x (id uuid, message_id uuid, completed_at timestamptz, attempt uuid)
    WHERE f.id = x.id AND f.attempt = x.attempt
$$;
