-- Whether an agent may begin nothing in a channel, or in no channel: it, the channel or the workspace is paused.
CREATE OR REPLACE FUNCTION is_paused(agent text, channel text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM pauses p
        WHERE (p.agent_id IS NULL OR p.agent_id = agent) AND (p.channel_id IS NULL OR p.channel_id = channel)
    )
$$;
