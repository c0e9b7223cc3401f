-- A word without its English ending. Stop words are kept, and so are words of other scripts.
-- Not STRICT, so that it becomes a part of the statement that calls it.
CREATE OR REPLACE FUNCTION stem_word(word text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(word) > length(word) THEN word
        ELSE COALESCE((ts_lexize('pg_catalog.english_stem', word))[1], word) END
$$;
