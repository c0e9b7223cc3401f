-- What a top-level message shows of its thread, for events.
CREATE OR REPLACE FUNCTION thread_of(uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
            'id', $1, 'userId', root.user_id, 'threadReplyCount', COALESCE(thread.replies, 0)
        )
        || CASE WHEN thread.root_id IS NULL THEN '{}'::jsonb ELSE jsonb_build_object(
            'threadParticipantIds', thread.participants, 'lastReplyAt', instant(thread.last_at)
        ) END
        || CASE WHEN named.user_ids IS NULL THEN '{}'::jsonb
            ELSE jsonb_build_object('mentionedIds', named.user_ids) END
    FROM (SELECT) asked
    LEFT JOIN messages root ON root.id = $1
    LEFT JOIN ({{thread_summary}}) thread ON true
    CROSS JOIN LATERAL (
        SELECT array_agg(DISTINCT user_id ORDER BY user_id) AS user_ids FROM mentions
        WHERE root_id = $1 AND NOT is_of_group(message_id, user_id)
    ) named
$$;
