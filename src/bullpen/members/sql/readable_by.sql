-- Whether all of these users may read the channel. Null stands for everybody, as in readers_of.
CREATE OR REPLACE FUNCTION readable_by(place text, users text[]) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT COALESCE((
        SELECT c.kind = 'public' OR (cardinality(users) > 0 AND NOT EXISTS (
            SELECT FROM unnest(users) AS one (user_id) WHERE NOT EXISTS (
                SELECT FROM channel_members m
                WHERE m.channel_id = c.id AND m.user_id = one.user_id
            )
        ))
        FROM channels c WHERE c.id = place
    ), false)
$$;
