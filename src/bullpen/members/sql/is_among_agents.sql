-- Whether the channel has members, and nobody but agents has ever been one: such a channel is open to administrators, since
-- no person's words are in it.
CREATE OR REPLACE FUNCTION is_among_agents(place text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (SELECT FROM peopled_channels p WHERE p.channel_id = place)
        AND EXISTS (SELECT FROM channel_members m WHERE m.channel_id = place)
$$;
