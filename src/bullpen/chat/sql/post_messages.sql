-- Several messages in one turn: what is refused is simply not among those that come back.
-- What is posted in a run's transaction is that run's. The last three arrays say who is asked by
-- which message, in which place of the mailbox (chat/routing.py).
CREATE OR REPLACE FUNCTION post_messages(
    new_ids uuid[], channel_ids text[], parent_ids uuid[], author_ids text[], texts text[],
    asking uuid[] DEFAULT '{}', asked text[] DEFAULT '{}', priorities smallint[] DEFAULT '{}'
) RETURNS TABLE (message_id uuid, written_at text) LANGUAGE plpgsql
-- To plan it takes four times as long as to do it.
SET plan_cache_mode = force_generic_plan SET jit = off AS $$
#variable_conflict use_column
DECLARE
    made uuid[];
    now_at timestamptz;
    split tsvector[];
    run uuid := NULLIF(current_setting('bullpen.run_id', true), '')::uuid;
BEGIN
    -- A long text takes a while, in which everybody else would wait for the lock.
    SELECT array_agg(message_words_of(text, author_id, channel_id) ORDER BY place) INTO split
    FROM unnest(texts, author_ids, channel_ids)
        WITH ORDINALITY draft (text, author_id, channel_id, place);
    -- Whoever deletes one of these holds it and waits for the turn: so not the other way round.
    PERFORM FROM channels WHERE id = ANY (channel_ids) ORDER BY id FOR KEY SHARE;
    PERFORM FROM messages WHERE id = ANY (parent_ids) ORDER BY id FOR KEY SHARE;
    PERFORM pg_advisory_xact_lock({{log_lock}});
    now_at := clock_timestamp();
    PERFORM set_config('bullpen.words', 'split', true);
    WITH written AS (
        INSERT INTO messages (id, channel_id, parent_message_id, user_id, text, created_at)
        -- Times are taken under the log lock, so that messages are in the order of their events,
        -- and rise within a channel, also where the clock was set back.
        SELECT draft.id, draft.channel_id, draft.parent_id, draft.user_id, draft.text,
               GREATEST(now_at, newest.created_at + interval '1 microsecond')
               + (row_number() OVER (PARTITION BY draft.channel_id ORDER BY draft.place) - 1)
                 * interval '1 microsecond'
        FROM unnest(new_ids, channel_ids, parent_ids, author_ids, texts)
            WITH ORDINALITY draft (id, channel_id, parent_id, user_id, text, place)
        JOIN channel_members mine
            ON mine.channel_id = draft.channel_id AND mine.user_id = draft.user_id
        JOIN agents author ON author.id = draft.user_id AND author.is_active
        LEFT JOIN messages parent ON parent.id = draft.parent_id
        LEFT JOIN LATERAL (
            SELECT last.created_at FROM messages last WHERE last.channel_id = draft.channel_id
            ORDER BY last.created_at DESC LIMIT 1
        ) newest ON true
        WHERE draft.parent_id IS NULL
           OR (parent.channel_id = draft.channel_id AND parent.parent_message_id IS NULL)
        ORDER BY draft.place
        ON CONFLICT (id) DO NOTHING
        RETURNING id
    )
    SELECT array_agg(id) INTO made FROM written;
    PERFORM set_config('bullpen.words', '', true);
    IF made IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO message_words (message_id, channel_id, user_id, created_at, words)
    SELECT DISTINCT ON (m.id) m.id, m.channel_id, m.user_id, m.created_at, draft.words
    FROM messages m
    JOIN unnest(new_ids, channel_ids, author_ids, texts, split)
        draft (id, channel_id, author_id, text, words)
        ON draft.id = m.id AND draft.channel_id = m.channel_id AND draft.author_id = m.user_id
        AND draft.text = m.text
    WHERE m.id = ANY (made);
    PERFORM follow_threads(made);
    INSERT INTO events (kind, channel_id, payload)
    SELECT 'message.created', m.channel_id, jsonb_build_object(
        'channelId', m.channel_id,
        'parentMessageId', m.parent_message_id,
        'message', jsonb_build_object(
            'id', m.id, 'userId', m.user_id, 'text', m.text,
            'timestamp', instant(m.created_at), 'reactions', '[]'::jsonb
        ) || CASE WHEN m.parent_message_id IS NULL
            THEN jsonb_build_object('channelId', m.channel_id, 'threadReplyCount', 0)
            ELSE jsonb_build_object('parentMessageId', m.parent_message_id) END
    ) || CASE WHEN m.parent_message_id IS NULL THEN '{}'::jsonb
        ELSE jsonb_build_object('root', thread_of(m.parent_message_id)) END
    FROM messages m WHERE m.id = ANY (made) ORDER BY m.created_at, m.id;
    IF run IS NOT NULL THEN
        INSERT INTO run_posts (message_id, run_id) SELECT unnest(made), run;
    END IF;
    IF cardinality(asking) > 0 THEN
        PERFORM ask_agents(made, asking, asked, priorities);
    END IF;
    RETURN QUERY SELECT id, instant(created_at) FROM messages WHERE id = ANY (made);
END $$;
