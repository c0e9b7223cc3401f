-- Whether nobody but agents is in the channel: such a channel is open to administrators, since no person's words are in it.
CREATE OR REPLACE FUNCTION is_among_agents(place text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (
        SELECT FROM channel_members m JOIN people p ON p.id = m.user_id WHERE m.channel_id = place
    ) AND EXISTS (SELECT FROM channel_members m WHERE m.channel_id = place)
$$;
