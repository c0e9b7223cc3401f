-- The folded words of a text in their order; kit/fulltext.py describes the rule.
CREATE OR REPLACE FUNCTION split_words(written text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    -- One character can stand for eighteen: what is longer than the longest text is not indexed.
    spaced text := left(fold_text(written), {{longest_folded}});
    parts text[];
BEGIN
    IF strpos(spaced, '''s') > 0 THEN
        spaced := regexp_replace(
            spaced,
            '(?<=[^{{word_separators}}{{word_symbols}}])''s(?![^{{word_separators}}{{word_symbols}}])',
            ' ', 'g'
        );
    END IF;
    IF octet_length(spaced) = length(spaced) THEN
        spaced := regexp_replace(spaced, '[^0-9a-z]+', ' ', 'g');
        RETURN (
            SELECT array_agg(left(part, {{longest_word}}))
            FROM unnest(string_to_array(btrim(spaced), ' ')) part WHERE part <> ''
        );
    END IF;
    spaced := regexp_replace(spaced, '([{{word_symbols}}])', ' \1 ', 'g');
    spaced := regexp_replace(spaced, '[{{word_separators}}]+', ' ', 'g');
    -- Characters of scripts without spaces, each between a 4 and a 2. No control character is left
    -- in the text, so a 2 followed by a 4 means two neighbors. The first of them then ends in a 3.
    spaced := regexp_replace(spaced, '([{{word_unspaced}}])', E'\x04\\1\x02', 'g');
    spaced := translate(replace(spaced, E'\x02\x04', E'\x03 '), E'\x02\x04', '  ');
    parts := array_remove(string_to_array(spaced, ' '), '');
    RETURN (
        SELECT array_agg(CASE
            WHEN right(part, 1) = E'\x03' THEN left(part, 1) || left(following, 1)
            ELSE left(part, {{longest_word}})
        END ORDER BY place)
        FROM unnest(parts, parts[2:]) WITH ORDINALITY pair (part, following, place)
        WHERE part IS NOT NULL
    );
END $$;
