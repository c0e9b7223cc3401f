-- Whom a message mentions, for its events; nothing where it mentions nobody.
CREATE OR REPLACE FUNCTION mentions_of(uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT COALESCE((
        SELECT jsonb_build_object('mentions', jsonb_agg(user_id ORDER BY user_id))
        FROM mentions WHERE message_id = $1 HAVING count(*) > 0
    ), '{}')
$$;
