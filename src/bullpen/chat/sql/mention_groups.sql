-- Keeps whom `@channel` and `@here` mention: the people in the channel who are active, for `@here` those who have Bullpen
-- open (members/people.py keeps when they had). Who is named as well is mentioned once, by name. A direct message
-- is for all of its members anyway. Agents are never among them.
CREATE OR REPLACE FUNCTION mention_groups(mentioning uuid[], mentioned text[], made uuid[])
RETURNS void LANGUAGE sql AS $$
    WITH notified AS (
        INSERT INTO mentions (message_id, user_id, channel_id, root_id, created_at)
        SELECT DISTINCT m.id, member.user_id, m.channel_id, m.id, m.created_at
        FROM unnest(mentioning, mentioned) named (message_id, group_id)
        JOIN messages m ON m.id = named.message_id AND m.id = ANY (made) AND m.parent_message_id IS NULL
        JOIN channels c ON c.id = m.channel_id AND c.kind IN ('public', 'private')
        JOIN channel_members member ON member.channel_id = m.channel_id AND member.user_id <> m.user_id
        JOIN people person ON person.id = member.user_id AND person.is_active
        WHERE named.group_id = '@channel'
           OR (named.group_id = '@here' AND person.last_seen_at > now() - interval '{{here_seconds}} seconds')
        ON CONFLICT (message_id, user_id) DO NOTHING
        RETURNING message_id, user_id
    )
    INSERT INTO group_mentions (message_id, user_id) SELECT message_id, user_id FROM notified
$$;
