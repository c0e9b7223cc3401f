-- The words of a message as they are indexed, and what it can be narrowed by. No word of a text
-- holds a colon.
CREATE OR REPLACE FUNCTION message_words_of(message messages) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT words_of(message.text) || array_to_tsvector(array_remove(ARRAY[
        'from:' || message.user_id,
        'in:' || message.channel_id,
        CASE WHEN message.text ~* 'https?://' THEN 'has:link' END,
        CASE WHEN message.text ~ '`' THEN 'has:code' END
    ], NULL))
$$;
