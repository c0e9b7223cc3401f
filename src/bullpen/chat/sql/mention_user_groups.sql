-- Keeps whom mentions of user groups mention: their active members in the channel, as if by name, and those who are not in a
-- public channel but can read it. The latter count like those of `@channel`, so that no event of the channel says who they
-- are; they are answered, for events of their own.
CREATE OR REPLACE FUNCTION mention_user_groups(
    mentioning uuid[], mentioned text[], made uuid[], in_channel uuid[]
) RETURNS text[] LANGUAGE sql AS $$
    WITH meant AS (
        SELECT DISTINCT m.id, m.channel_id, m.created_at, member.user_id, mine.id IS NULL AS is_outside,
               CASE WHEN m.id = ANY (in_channel) THEN m.id ELSE COALESCE(m.parent_message_id, m.id) END AS root_id
        FROM unnest(mentioning, mentioned) named (message_id, group_id)
        JOIN user_groups g ON '@' || g.id = named.group_id
        JOIN user_group_members member ON member.group_id = g.id
        JOIN users u ON u.id = member.user_id AND u.is_active
        JOIN messages m ON m.id = named.message_id AND m.id = ANY (made) AND m.user_id <> member.user_id
        LEFT JOIN channel_members mine ON mine.channel_id = m.channel_id AND mine.user_id = member.user_id
        WHERE mine.id IS NOT NULL OR readable_by(m.channel_id, ARRAY[member.user_id])
    ), kept AS (
        INSERT INTO mentions (message_id, user_id, channel_id, root_id, created_at)
        SELECT id, user_id, channel_id, root_id, created_at FROM meant
        ON CONFLICT (message_id, user_id) DO NOTHING
        RETURNING message_id, user_id
    ), outside AS (
        INSERT INTO group_mentions (message_id, user_id)
        SELECT kept.message_id, kept.user_id FROM kept
        JOIN meant ON meant.id = kept.message_id AND meant.user_id = kept.user_id AND meant.is_outside
        RETURNING user_id
    )
    SELECT ARRAY(SELECT DISTINCT user_id FROM outside ORDER BY user_id)
$$;
