-- What chat/best_fit.py needs to score messages, as JSON: of each message its words; of the agents in its channel a stamp each,
-- which is another one whenever their words are (chat/agent_words.py); the words of the messages that agents have said lately in
-- the channel; and the channels with a guest. All of it is text that every reader of the channel may read: where a guest is in
-- the channel, that is neither personas nor memory.
CREATE OR REPLACE FUNCTION judged_words(message_ids uuid[], channel_ids text[], texts text[]) RETURNS json
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan
SET jit = off
-- The planner knows of no parameter how many rows it stands for: each table is read by its index.
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_mergejoin = off SET enable_hashjoin = off AS $$
DECLARE
    place_ids text[];
    agent_ids text[];
    judged uuid[];
    vectors tsvector[];
    recent uuid[];
    said json;
BEGIN
    SELECT array_agg(c.id) INTO place_ids FROM channels c WHERE c.id = ANY (channel_ids) AND c.kind <> 'dm';
    SELECT array_agg(DISTINCT m.user_id) INTO agent_ids FROM channel_members m
    WHERE m.channel_id = ANY (place_ids) AND EXISTS (SELECT FROM agents a WHERE a.id = m.user_id AND a.is_active);
    -- In plain English Postgres's own parser finds the words of kit/words.py, ten times as fast.
    SELECT array_agg(draft.id), array_agg(CASE WHEN octet_length(judging) = length(judging)
        THEN to_tsvector('pg_catalog.english', translate(judging, '/\.-_@:#&=?', '          '))
        ELSE words_of(judging) END)
    INTO judged, vectors
    FROM unnest(message_ids, channel_ids, texts) draft (id, place, text), left(draft.text, {{longest_judged}}) judging
    WHERE draft.place = ANY (place_ids);
    SELECT array_agg(m.id) INTO recent FROM unnest(place_ids) place (id) CROSS JOIN LATERAL (
        SELECT m.id, m.user_id FROM messages m WHERE m.channel_id = place.id
        ORDER BY m.created_at DESC LIMIT {{messages_judged}}
    ) m WHERE m.user_id = ANY (agent_ids);
    IF recent IS NOT NULL THEN
        SELECT json_agg(json_build_array(w.channel_id, w.user_id, word.lexeme)) INTO said
        FROM message_words w CROSS JOIN LATERAL unnest(w.words) word
        WHERE w.message_id = ANY (recent)
        AND word.lexeme = ANY (ARRAY(
            SELECT DISTINCT lexeme FROM unnest(vectors) vector, unnest(tsvector_to_array(vector)) lexeme
            WHERE ts_lexize('pg_catalog.english_stem', lexeme) IS DISTINCT FROM '{}'
        ));
    END IF;
    RETURN json_build_object(
        'words', (
            SELECT json_object_agg(id, tsvector_to_array(vector)) FROM unnest(judged, vectors) message (id, vector)
        ),
        'stamps', (SELECT json_object_agg(a.id, {{words_stamp}}) FROM agents a WHERE a.id = ANY (agent_ids)),
        'said', said,
        'with_guests', (
            SELECT json_agg(DISTINCT m.channel_id) FROM people p JOIN channel_members m ON m.user_id = p.id
            WHERE p.role = 'guest' AND m.channel_id = ANY (place_ids)
        )
    );
END $$;
