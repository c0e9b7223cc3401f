-- The terms of a search with the words that are looked up for each.
--
-- `asked` is what kit/fulltext.py reads: alternatives of terms, each with its text. A term that is
-- a stop word counts only in quotes, behind a minus, or where there is nothing else.
CREATE OR REPLACE FUNCTION stem_terms(asked jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    alternative jsonb;
    term jsonb;
    split text[];
    found jsonb;
    terms jsonb;
    strong jsonb;
    alternatives jsonb := '[]';
    is_single boolean;
BEGIN
    FOR alternative IN SELECT * FROM jsonb_array_elements(asked) LOOP
        terms := '[]';
        strong := '[]';
        FOR term IN SELECT * FROM jsonb_array_elements(alternative) LOOP
            -- One character can stand for several words, and time grows with their square.
            split := (split_words(term ->> 'text'))[1:{{most_words}}];
            found := '[]';
            FOR place IN 1 .. COALESCE(cardinality(split), 0) LOOP
                is_single := split[place] ~ '^[{{word_unspaced}}]$';
                -- The last character of a run follows from the pair before it, and what was
                -- written may go on there.
                CONTINUE WHEN is_single AND place > 1
                    AND split[place - 1] ~ ('^[{{word_unspaced}}]' || split[place] || '$');
                found := found || jsonb_build_object(
                    'word', stem_word(split[place]),
                    'place', place,
                    'begins', is_single
                        OR (term ->> 'begins')::boolean AND place = cardinality(split)
                );
            END LOOP;
            CONTINUE WHEN found = '[]';
            term := jsonb_build_object('words', found, 'negated', (term ->> 'negated')::boolean,
                                       'quoted', (term ->> 'quoted')::boolean);
            terms := terms || term;
            IF (term ->> 'quoted')::boolean OR (term ->> 'negated')::boolean
                OR jsonb_array_length(found) > 1
                OR ts_lexize('pg_catalog.english_stem', split[1]) IS DISTINCT FROM '{}'
            THEN
                strong := strong || term;
            END IF;
        END LOOP;
        IF jsonb_path_exists(strong, '$[*] ? (@.negated == false)') THEN
            terms := strong;
        END IF;
        IF terms <> '[]' THEN
            alternatives := alternatives || jsonb_build_array(terms);
        END IF;
    END LOOP;
    RETURN alternatives;
END $$;
