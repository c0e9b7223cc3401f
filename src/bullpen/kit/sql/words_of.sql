-- The words of a text as they are indexed.
CREATE OR REPLACE FUNCTION words_of(written text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT COALESCE(string_agg('''' || lexeme || ''':' || places, ' '), '')::tsvector
    FROM (
        SELECT word, string_agg(place::text, ',') AS places
        FROM unnest(split_words(written)) WITH ORDINALITY split (word, place)
        -- Postgres numbers no further.
        GROUP BY word
    ) each, LATERAL (
        SELECT stem_word(word)
        -- The 2 of v2 is found as well.
        UNION ALL SELECT substr(word, 2) WHERE left(word, 1) = 'v' AND word ~ '^v[0-9]+$'
    ) form (lexeme)
$$;
