-- A text without case, accents and invisible characters, whichever way it is encoded.
CREATE OR REPLACE FUNCTION fold_text(written text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    -- Postgres normalizes a run of combining marks in the square of its length: so long runs that
    -- may be of marks are folded in pieces, which else end between words.
    IF octet_length(written) = length(written) OR written !~ '[^\x01-\x7f]{64}' THEN
        RETURN fold_piece(written);
    END IF;
    RETURN (
        SELECT string_agg(fold_piece(piece[1]), '' ORDER BY place)
        FROM regexp_matches(written, '\S{1,200}\s?|\s{1,200}', 'g') WITH ORDINALITY found (piece, place)
    );
END $$;
