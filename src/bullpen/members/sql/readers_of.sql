-- The ids of everybody who reads a channel. Null means everybody: a public channel, or no channel at
-- all. A channel that does not exist has no readers.
CREATE OR REPLACE FUNCTION readers_of(place text) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN place IS NULL OR EXISTS (
            SELECT FROM channels WHERE id = place AND kind = 'public'
        ) THEN NULL
        ELSE ARRAY(SELECT user_id FROM channel_members WHERE channel_id = place ORDER BY user_id)
    END
$$;
