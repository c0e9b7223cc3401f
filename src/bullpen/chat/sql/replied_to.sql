-- What a reply that is also in its channel shows there of the message that it replies to.
CREATE OR REPLACE FUNCTION replied_to(uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('userId', user_id, 'text', left(text, {{longest_replied_to}}))
    FROM messages WHERE id = $1
$$;
