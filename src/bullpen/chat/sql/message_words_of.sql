-- The words of a message as they are indexed, and what it can be narrowed by. No word holds a
-- colon, so none begins like these.
CREATE OR REPLACE FUNCTION message_words_of(written text, author_id text, place_id text)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT words_of(written) || array_to_tsvector(array_remove(ARRAY[
        ':from:' || author_id,
        ':in:' || place_id,
        CASE WHEN written ~* 'https?://' THEN ':has:link' END,
        CASE WHEN written ~ '`' THEN ':has:code' END
    ], NULL))
$$;
