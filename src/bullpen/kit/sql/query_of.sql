-- What Postgres looks up for a search: the words of a term next to each other, all terms of an
-- alternative, any alternative.
CREATE OR REPLACE FUNCTION query_of(asked jsonb) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    alternative jsonb;
    term jsonb;
    word jsonb;
    before integer;
    phrase text;
    terms text[];
    alternatives text[] := '{}';
BEGIN
    FOR alternative IN SELECT * FROM jsonb_array_elements(stem_terms(asked)) LOOP
        terms := '{}';
        FOR term IN SELECT * FROM jsonb_array_elements(alternative) LOOP
            phrase := '';
            before := NULL;
            FOR word IN SELECT * FROM jsonb_array_elements(term -> 'words') LOOP
                phrase := phrase || COALESCE(' <' || (word ->> 'place')::integer - before || '> ', '')
                    || '''' || (word ->> 'word') || ''''
                    || CASE WHEN (word ->> 'begins')::boolean THEN ':*' ELSE '' END;
                before := word ->> 'place';
            END LOOP;
            terms := terms || format('%s(%s)', CASE WHEN (term ->> 'negated')::boolean THEN '!' END,
                                     phrase);
        END LOOP;
        alternatives := alternatives || format('(%s)', array_to_string(terms, ' & '));
    END LOOP;
    RETURN array_to_string(alternatives, ' | ')::tsquery;
END $$;
