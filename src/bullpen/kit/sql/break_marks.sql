-- A text whose runs of combining marks are short. Postgres orders a run in the square of its
-- length, and a grapheme joiner ends one, as in Unicode's stream-safe text format.
CREATE OR REPLACE FUNCTION break_marks(written text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN written ~ '[{{word_marks}}]{32}'
        THEN regexp_replace(written, '([{{word_marks}}]{32})', U&'\\1\034f', 'g')
        ELSE written END
$$;
