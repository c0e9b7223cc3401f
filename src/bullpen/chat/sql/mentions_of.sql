-- Whom a message mentions, for its events; nothing where it mentions nobody. Members of a user group who are not in the channel
-- are left out: not everybody who gets the events may know of them.
CREATE OR REPLACE FUNCTION mentions_of(uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT COALESCE((
        SELECT jsonb_build_object('mentions', jsonb_agg(n.user_id ORDER BY n.user_id))
        FROM mentions n WHERE n.message_id = $1 AND (
            NOT is_of_group(n.message_id, n.user_id) OR EXISTS (
                SELECT FROM channel_members m WHERE m.channel_id = n.channel_id AND m.user_id = n.user_id
            )
        ) HAVING count(*) > 0
    ), '{}')
$$;
