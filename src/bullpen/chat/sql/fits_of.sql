-- How well agents fit messages, as JSON: for each message the best of the agents whose policy in its channel is `best_fit`,
-- with their scores. Counted are words that the message shares with an agent's name, title, persona and memory, and with what
-- the agent has said lately in this channel; a word counts the less the more of them it belongs to, and nothing where it
-- belongs to all. All of it is text that every reader of the channel may read: where a guest is in the channel, that is
-- neither personas nor memory.
CREATE OR REPLACE FUNCTION fits_of(message_ids uuid[], channel_ids text[], texts text[]) RETURNS json
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan
SET jit = off
-- The planner knows of no parameter how many rows it stands for: each table is read by its index, for all values at once,
-- and everything else is hashed.
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_mergejoin = off SET enable_nestloop = off
SET enable_hashjoin = on SET enable_sort = off AS $$
DECLARE
    place_ids text[];
    with_guests text[];
    recent uuid[];
BEGIN
    SELECT array_agg(c.id) INTO place_ids FROM channels c WHERE c.id = ANY (channel_ids) AND c.kind <> 'dm';
    SELECT COALESCE(array_agg(m.channel_id), '{}') INTO with_guests
    FROM channel_members m WHERE m.channel_id = ANY (place_ids)
    AND m.user_id = ANY (ARRAY(SELECT p.id FROM people p WHERE p.role = 'guest'));
    SELECT array_agg(m.id) INTO recent FROM unnest(place_ids) place (id) CROSS JOIN LATERAL (
        SELECT m.id FROM messages m WHERE m.channel_id = place.id
        ORDER BY m.created_at DESC LIMIT {{messages_judged}}
    ) m;
    RETURN (
        WITH candidates AS MATERIALIZED (
            SELECT m.channel_id AS place, m.user_id AS agent_id,
                   count(*) OVER (PARTITION BY m.channel_id) AS number
            FROM channel_members m
            LEFT JOIN channel_policies own
                ON own.channel_id = ANY (place_ids) AND own.channel_id = m.channel_id AND own.agent_id = m.user_id
            LEFT JOIN channel_answering answering
                ON answering.channel_id = ANY (place_ids) AND answering.channel_id = m.channel_id
            WHERE m.channel_id = ANY (place_ids)
            AND COALESCE(own.policy, answering.policy, 'all') = 'best_fit'
            AND EXISTS (SELECT FROM agents a WHERE a.id = m.user_id AND a.is_active)
        ), asked AS MATERIALIZED (
            SELECT draft.id, draft.place, word.lexeme
            FROM unnest(message_ids, channel_ids, texts) draft (id, place, text),
            left(draft.text, {{longest_judged}}) judged,
            -- In plain English Postgres's own parser finds the words of kit/words.py, ten times as fast.
            unnest(CASE WHEN octet_length(judged) = length(judged)
                THEN to_tsvector('pg_catalog.english', translate(judged, '/\.-_@:#&=?', '          '))
                ELSE words_of(judged) END) word
            WHERE draft.place = ANY (place_ids)
        ), known AS (
            SELECT candidate.place, w.lexeme, w.agent_id, w.weight, candidate.number
            FROM agent_words w JOIN candidates candidate ON candidate.agent_id = w.agent_id
            WHERE w.lexeme = ANY (ARRAY(SELECT DISTINCT lexeme FROM asked))
            AND (w.source IN ('name', 'title') OR candidate.place <> ALL (with_guests))
            UNION ALL
            SELECT candidate.place, word.lexeme, candidate.agent_id, {{said_weight}}, candidate.number
            FROM message_words said
            JOIN candidates candidate ON candidate.place = said.channel_id AND candidate.agent_id = said.user_id
            CROSS JOIN LATERAL unnest(said.words) word
            WHERE said.message_id = ANY (recent)
            AND word.lexeme = ANY (ARRAY(SELECT DISTINCT lexeme FROM asked))
            AND ts_lexize('pg_catalog.english_stem', word.lexeme) IS DISTINCT FROM '{}'
        ), weighed AS (
            SELECT place, lexeme, agent_id, number, LEAST(sum(weight), {{most_weight}}) AS weight,
                   count(*) OVER (PARTITION BY place, lexeme) AS owners
            FROM known GROUP BY place, lexeme, agent_id, number
        ), scored AS (
            SELECT asked.id, weighed.agent_id, sum(weighed.weight * ln(number::float8 / owners)) AS score
            FROM asked JOIN weighed ON weighed.place = asked.place AND weighed.lexeme = asked.lexeme
            WHERE owners < number
            GROUP BY asked.id, weighed.agent_id
        ), ranked AS (
            SELECT id, agent_id, score, row_number() OVER (PARTITION BY id ORDER BY score DESC, agent_id) AS rank
            FROM scored
        )
        SELECT json_object_agg(id, fits) FROM (
            SELECT id, json_agg(json_build_array(agent_id, round(score::numeric, 3)::float8) ORDER BY rank) AS fits
            FROM ranked WHERE rank <= {{most_candidates}} GROUP BY id
        ) of_message
    );
END $$;
