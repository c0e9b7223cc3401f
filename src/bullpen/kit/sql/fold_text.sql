-- A text without case, accents and invisible characters, the same for every Unicode normalization.
CREATE OR REPLACE FUNCTION fold_text(written text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    folded text := written;
BEGIN
    IF octet_length(folded) = length(folded) THEN
        RETURN lower(folded COLLATE "C");
    END IF;
    -- One character can stand for eighteen others, so that of a long text only its beginning may.
    folded := left(
        normalize(break_marks(folded), NFKD), GREATEST(3 * length(written), {{longest_folded}})
    );
    -- This breve makes another letter, not an accented one.
    folded := replace(replace(folded, U&'\0438\0306', U&'\0439'), U&'\0418\0306', U&'\0419');
    folded := regexp_replace(folded, '[{{word_invisible}}{{word_accents}}]+', '', 'g');
    folded := lower(replace(normalize(break_marks(folded), NFC), U&'\034f', ''));
    -- In a database of locale C, lower() knows the letters of English only.
    IF lower(U&'\0416') <> U&'\0436' THEN
        folded := translate(folded, '{{word_capitals}}', '{{word_small_letters}}');
    END IF;
    folded := translate(folded, '{{word_variants}}', '{{word_variants_of}}');
    RETURN replace(replace(replace(replace(folded, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');
END $$;
