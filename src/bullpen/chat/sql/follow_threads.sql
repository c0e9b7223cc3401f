-- Notes who follows the threads in which `made` are new replies: the author of the root, all who replied and all
-- who are mentioned by name, unless they chose not to; such a choice ends with a reply by them or a mention of them. Who begins
-- to follow one has read what was there before; who replies has read up to the reply. Call this while holding the log lock:
-- nobody else locks these rows, so nobody who waits for the log lock holds one.
CREATE OR REPLACE FUNCTION follow_threads(made uuid[]) RETURNS void LANGUAGE sql AS $$
    DELETE FROM thread_follows chosen USING messages m
    WHERE m.id = ANY (made) AND chosen.root_id = m.parent_message_id AND NOT chosen.is_followed
      AND (chosen.user_id = m.user_id OR EXISTS (
          SELECT FROM mentions n
          WHERE n.message_id = m.id AND n.root_id = m.parent_message_id AND n.user_id = chosen.user_id
      ));

    INSERT INTO thread_cursors (user_id, root_id, created_at, message_id)
    SELECT follower.user_id, root.id, last.created_at, last.id
    FROM messages root
    CROSS JOIN LATERAL (
        SELECT root.user_id UNION SELECT m.user_id FROM messages m WHERE m.parent_message_id = root.id
        UNION SELECT n.user_id FROM mentions n WHERE n.root_id = root.id AND NOT is_of_group(n.message_id, n.user_id)
    ) follower
    JOIN channel_members member
        ON member.channel_id = root.channel_id AND member.user_id = follower.user_id
    CROSS JOIN LATERAL (
        SELECT * FROM (
            (SELECT m.created_at, m.id FROM messages m
             WHERE m.parent_message_id = root.id AND m.id <> ALL (made)
             ORDER BY m.created_at DESC, m.id DESC LIMIT 1)
            UNION ALL
            SELECT root.created_at, root.id
        ) place ORDER BY place.created_at DESC, place.id DESC LIMIT 1
    ) last
    WHERE root.id IN (SELECT m.parent_message_id FROM messages m WHERE m.id = ANY (made))
      AND NOT EXISTS (
          SELECT FROM thread_follows chosen WHERE chosen.root_id = root.id AND chosen.user_id = follower.user_id
      )
    ON CONFLICT (user_id, root_id) DO NOTHING;

    INSERT INTO thread_cursors (user_id, root_id, created_at, message_id)
    SELECT DISTINCT ON (m.user_id, m.parent_message_id)
           m.user_id, m.parent_message_id, m.created_at, m.id
    FROM messages m WHERE m.id = ANY (made) AND m.parent_message_id IS NOT NULL
    ORDER BY m.user_id, m.parent_message_id, m.created_at DESC, m.id DESC
    ON CONFLICT (user_id, root_id) DO UPDATE
    SET created_at = EXCLUDED.created_at, message_id = EXCLUDED.message_id
    WHERE (thread_cursors.created_at, thread_cursors.message_id)
        < (EXCLUDED.created_at, EXCLUDED.message_id);
$$;
