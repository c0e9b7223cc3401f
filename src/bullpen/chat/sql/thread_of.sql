-- What a top-level message shows of its thread.
CREATE OR REPLACE FUNCTION thread_of(root_id uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
            'id', root_id,
            'userId', (SELECT root.user_id FROM messages root WHERE root.id = root_id),
            'threadReplyCount', COALESCE(sum(a.replies), 0)
        )
        || CASE WHEN count(*) = 0 THEN '{}'::jsonb ELSE jsonb_build_object(
            'threadParticipantIds', jsonb_agg(a.user_id ORDER BY a.first_at, a.user_id),
            'lastReplyAt', instant(max(a.last_at))
        ) END
    FROM (
        SELECT m.user_id, count(*) AS replies,
               min(m.created_at) AS first_at, max(m.created_at) AS last_at
        FROM messages m WHERE m.parent_message_id = root_id GROUP BY m.user_id
    ) a
$$;
