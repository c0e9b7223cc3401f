-- Names the conversation that takes place in a channel, or in a thread of it. Null for a run that takes place nowhere.
CREATE OR REPLACE FUNCTION conversation_of(channel_id text, thread_id uuid) RETURNS text LANGUAGE sql IMMUTABLE
RETURN channel_id || COALESCE('/' || thread_id::text, '');
