-- Writes several messages in one transaction, and answers one row for each, in their order: when it was written, or why it
-- was not. What a run posts names it as `run`, and what the program of an agent posts by itself names the run that it goes on
-- from as `since`. `notice` is the kind of a message that only says why a run does not answer. The arrays `asking`, `asked` and
-- `priorities` say which message asks which
-- agent, and with which priority (chat/routing.py); without them nobody is asked. `decisions` say why. `shown` is what events show of each message,
-- without the time at which it is written (chat/send.py). `attaching` and `attached` say which message takes which file, and
-- `mentioning` and `mentioned` which message mentions whom: a user, `@channel`, `@here`, or `@` with the id of a user group.
-- `in_channel` are replies that are also in their channel's list.
CREATE OR REPLACE FUNCTION post_messages(
    new_ids uuid[], channel_ids text[], parent_ids uuid[], author_ids text[], texts text[], shown json[],
    asking uuid[] DEFAULT '{}', asked text[] DEFAULT '{}', priorities smallint[] DEFAULT '{}',
    run uuid DEFAULT NULL, since uuid DEFAULT NULL, decisions json[] DEFAULT '{}', notice text DEFAULT NULL,
    attaching uuid[] DEFAULT '{}', attached uuid[] DEFAULT '{}',
    mentioning uuid[] DEFAULT '{}', mentioned text[] DEFAULT '{}', in_channel uuid[] DEFAULT '{}'
) RETURNS TABLE (message_id uuid, written_at text, refusal text) LANGUAGE plpgsql
-- To plan it takes four times as long as to do it.
SET plan_cache_mode = force_generic_plan SET jit = off AS $$
#variable_conflict use_column
DECLARE
    made uuid[];
    refusals text[];
    now_at timestamptz;
    split tsvector[];
    outside text[];
BEGIN
    -- A long text takes a while, in which everybody else would wait for the lock.
    SELECT array_agg(message_words_of(text, author_id, channel_id) ORDER BY place) INTO split
    FROM unnest(texts, author_ids, channel_ids)
        WITH ORDINALITY draft (text, author_id, channel_id, place);
    -- Another transaction that deletes one of these holds it and waits for the log lock: so lock them before it.
    PERFORM FROM channels WHERE id = ANY (channel_ids) ORDER BY id FOR KEY SHARE;
    PERFORM FROM messages WHERE id = ANY (parent_ids) ORDER BY id FOR KEY SHARE;
    IF cardinality(attached) > 0 THEN
        PERFORM FROM files WHERE id = ANY (attached) ORDER BY id FOR UPDATE;
    END IF;
    PERFORM pg_advisory_xact_lock({{log_lock}});
    now_at := clock_timestamp();
    PERFORM set_config('bullpen.words', 'split', true);
    WITH judged AS MATERIALIZED (
        SELECT draft.*, newest.created_at AS newest_at, CASE
            WHEN stored.id IS NOT NULL
                OR row_number() OVER (PARTITION BY draft.id ORDER BY draft.place) > 1 THEN 'known'
            WHEN author.is_active IS NOT TRUE THEN 'inactive'
            WHEN channel.id IS NULL OR mine.id IS NULL AND (channel.kind <> 'public' OR guest.id IS NOT NULL)
                THEN 'no_channel'
            WHEN mine.id IS NULL THEN 'not_a_member'
            WHEN archived.channel_id IS NOT NULL THEN 'archived'
            WHEN COALESCE(run, since) IS NOT NULL AND is_paused(draft.user_id, draft.channel_id) THEN 'paused'
            WHEN cardinality(attached) > 0 AND EXISTS (
                SELECT FROM unnest(attaching, attached) taking (message_id, file_id)
                LEFT JOIN files f ON f.id = taking.file_id AND f.user_id = draft.user_id
                    AND f.completed_at IS NOT NULL AND f.message_id IS NULL
                WHERE taking.message_id = draft.id AND f.id IS NULL
            ) THEN 'no_file'
            WHEN draft.parent_id IS NULL THEN NULL
            WHEN parent.channel_id IS DISTINCT FROM draft.channel_id THEN 'no_parent'
            WHEN parent.parent_message_id IS NOT NULL THEN 'nested'
        END AS reason
        FROM unnest(new_ids, channel_ids, parent_ids, author_ids, texts)
            WITH ORDINALITY draft (id, channel_id, parent_id, user_id, text, place)
        LEFT JOIN messages stored ON stored.id = draft.id
        LEFT JOIN channels channel ON channel.id = draft.channel_id
        LEFT JOIN users author ON author.id = draft.user_id
        LEFT JOIN people guest ON guest.id = draft.user_id AND guest.role = 'guest'
        LEFT JOIN channel_members mine
            ON mine.channel_id = draft.channel_id AND mine.user_id = draft.user_id
        LEFT JOIN archived_channels archived ON archived.channel_id = draft.channel_id
        LEFT JOIN messages parent ON parent.id = draft.parent_id
        LEFT JOIN LATERAL (
            SELECT last.created_at FROM messages last WHERE last.channel_id = draft.channel_id
            ORDER BY last.created_at DESC LIMIT 1
        ) newest ON true
    ), written AS (
        INSERT INTO messages (id, channel_id, parent_message_id, user_id, text, created_at)
        -- Times are taken under the log lock, so that messages are in the order of their events,
        -- and rise within a channel, also where the clock was set back.
        SELECT id, channel_id, parent_id, user_id, text,
               GREATEST(now_at, newest_at + interval '1 microsecond')
               + (row_number() OVER (PARTITION BY channel_id ORDER BY place) - 1) * interval '1 microsecond'
        FROM judged WHERE reason IS NULL ORDER BY place
        ON CONFLICT (id) DO NOTHING
        RETURNING id
    )
    SELECT (SELECT array_agg(id) FROM written),
           array_agg(COALESCE(
               reason, CASE WHEN NOT EXISTS (SELECT FROM written w WHERE w.id = judged.id) THEN 'known' END
           ) ORDER BY place)
    INTO made, refusals FROM judged;
    PERFORM set_config('bullpen.words', '', true);
    IF made IS NOT NULL THEN
        -- Before messages are counted: notices do not count, and are not found by their words.
        IF run IS NOT NULL THEN
            PERFORM note_posts(run, made, notice);
        END IF;
        INSERT INTO message_words (message_id, channel_id, user_id, created_at, words)
        SELECT m.id, m.channel_id, m.user_id, m.created_at, draft.words
        FROM unnest(new_ids, split, refusals) draft (id, words, refusal) JOIN messages m ON m.id = draft.id
        WHERE draft.refusal IS NULL AND notice IS NULL;
        IF cardinality(attached) > 0 THEN
            PERFORM attach_files(attaching, attached, made);
        END IF;
        IF cardinality(in_channel) > 0 THEN
            INSERT INTO channel_replies (message_id, channel_id, created_at)
            SELECT m.id, m.channel_id, m.created_at FROM messages m
            WHERE m.id = ANY (in_channel) AND m.id = ANY (made);
        END IF;
        IF cardinality(mentioned) > 0 THEN
            INSERT INTO mentions (message_id, user_id, channel_id, root_id, created_at)
            SELECT m.id, named.user_id, m.channel_id,
                   CASE WHEN m.id = ANY (in_channel) THEN m.id ELSE COALESCE(m.parent_message_id, m.id) END, m.created_at
            FROM unnest(mentioning, mentioned) named (message_id, user_id)
            JOIN messages m ON m.id = named.message_id
            WHERE m.id = ANY (made) AND NOT starts_with(named.user_id, '@');
            IF EXISTS (SELECT FROM unnest(mentioned) one WHERE one LIKE '@%' AND one NOT IN ('@channel', '@here')) THEN
                outside := mention_user_groups(mentioning, mentioned, made, in_channel);
            END IF;
            PERFORM mention_groups(mentioning, mentioned, made);
        END IF;
        PERFORM follow_threads(made);
        INSERT INTO events (kind, channel_id, payload)
        SELECT 'message.created', m.channel_id, jsonb_build_object(
            'channelId', m.channel_id,
            'parentMessageId', m.parent_message_id,
            'message', draft.shown::jsonb || jsonb_build_object('timestamp', instant(m.created_at))
                || CASE WHEN cardinality(attached) > 0 THEN files_of(m.id) ELSE '{}'::jsonb END
                || CASE WHEN m.id = ANY (in_channel)
                    THEN jsonb_build_object('repliedTo', replied_to(m.parent_message_id)) ELSE '{}'::jsonb END
        ) || CASE WHEN cardinality(mentioned) > 0 THEN mentions_of(m.id) ELSE '{}'::jsonb END
        || CASE WHEN m.parent_message_id IS NULL THEN '{}'::jsonb
            ELSE jsonb_build_object('root', thread_of(m.parent_message_id)) END
        FROM unnest(new_ids, shown, refusals) draft (id, shown, refusal) JOIN messages m ON m.id = draft.id
        WHERE draft.refusal IS NULL ORDER BY m.created_at, m.id;
        IF cardinality(outside) > 0 THEN
            INSERT INTO events (kind, user_ids, payload) VALUES ('inbox.changed', outside, '{}');
        END IF;
        IF cardinality(asking) > 0 THEN
            PERFORM ask_agents(made, asking, asked, priorities, since, decisions);
        END IF;
    END IF;
    RETURN QUERY
    SELECT draft.id,
           CASE WHEN draft.reason IS NULL THEN instant(m.created_at) END,
           CASE WHEN draft.reason IS DISTINCT FROM 'known' THEN draft.reason
               -- A message that is sent again until it is answered, or another one with the same id.
               WHEN (m.channel_id, m.user_id) = (draft.channel_id, draft.user_id)
                   AND m.parent_message_id IS NOT DISTINCT FROM draft.parent_id THEN 'repeated'
               ELSE 'taken' END
    FROM unnest(new_ids, channel_ids, parent_ids, author_ids, refusals)
        WITH ORDINALITY draft (id, channel_id, parent_id, user_id, reason, place)
    LEFT JOIN messages m ON m.id = draft.id
    ORDER BY draft.place;
END $$;
