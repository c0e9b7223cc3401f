-- The user groups for chat/routing.py: each one's id as mentions have it, its handle, and its agents that are active.
CREATE OR REPLACE FUNCTION user_group_names() RETURNS json LANGUAGE sql STABLE AS $$
    SELECT COALESCE(json_agg(json_build_array('@' || g.id, g.handle, ARRAY(
        SELECT m.user_id FROM user_group_members m JOIN agents a ON a.id = m.user_id AND a.is_active
        WHERE m.group_id = g.id ORDER BY m.user_id
    )) ORDER BY g.id), '[]') FROM user_groups g
$$;
