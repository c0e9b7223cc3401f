-- Replaces the words of one source of an agent: its `name`, its `title`, its `persona`, or a memory block by its id. Who
-- answers a message is decided by them (chat/best_fit.py). A word counts more the more often it occurs, less the longer
-- the text is, and stop words not at all. A null instead of a text forgets the source.
CREATE OR REPLACE FUNCTION note_agent_words(agent text, word_source text, written text, base real) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    WITH split AS MATERIALIZED (
        SELECT lexeme, cardinality(positions) AS occurrences, count(*) OVER () AS words
        FROM unnest(words_of(COALESCE(written, '')))
        WHERE ts_lexize('pg_catalog.english_stem', lexeme) IS DISTINCT FROM '{}'
    ), gone AS (
        DELETE FROM agent_words w WHERE w.agent_id = agent AND w.source = word_source
        AND NOT EXISTS (SELECT FROM split WHERE split.lexeme = w.lexeme)
    )
    INSERT INTO agent_words (lexeme, agent_id, source, weight)
    SELECT lexeme, agent, word_source,
           (base * (1 + ln(COALESCE(occurrences, 1))) / sqrt(GREATEST(1, words / 100.0)))::real
    FROM split
    ON CONFLICT (lexeme, agent_id, source) DO UPDATE SET weight = EXCLUDED.weight
    WHERE agent_words.weight <> EXCLUDED.weight;
END $$;
