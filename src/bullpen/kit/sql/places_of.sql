-- Where the words of a search stand in a text; `terms` are those of stem_terms.
CREATE OR REPLACE FUNCTION places_of(words tsvector, terms jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    whole text[];
    beginnings text[];
BEGIN
    SELECT array_agg(word ->> 'word') FILTER (WHERE NOT (word ->> 'begins')::boolean),
           array_agg(word ->> 'word') FILTER (WHERE (word ->> 'begins')::boolean)
    INTO whole, beginnings
    FROM jsonb_path_query(terms, '$[*][*] ? (@.negated == false).words[*]') word;
    RETURN (
        SELECT jsonb_object_agg(lexeme, positions) FROM unnest(words)
        WHERE lexeme = ANY (whole)
           OR beginnings IS NOT NULL
              AND EXISTS (SELECT FROM unnest(beginnings) beginning WHERE lexeme ^@ beginning)
    );
END $$;
