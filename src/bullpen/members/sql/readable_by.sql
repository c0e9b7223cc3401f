-- Whether all of these users may read the channel. Null stands for everybody, as in readers_of: for everybody but guests,
-- who read only what they are a member of.
CREATE OR REPLACE FUNCTION readable_by(place text, users text[]) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT COALESCE((
        SELECT (c.kind = 'public' OR cardinality(users) > 0) AND NOT EXISTS (
            SELECT FROM unnest(users) AS one (user_id) WHERE NOT EXISTS (
                SELECT FROM channel_members m
                WHERE m.channel_id = c.id AND m.user_id = one.user_id
            ) AND (c.kind <> 'public' OR EXISTS (
                SELECT FROM people p WHERE p.id = one.user_id AND p.role = 'guest'
            ))
        )
        FROM channels c WHERE c.id = place
    ), false)
$$;
