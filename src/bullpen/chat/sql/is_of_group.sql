-- Whether a message mentions a user as one of those for whom `@channel` or `@here` stood, or as a member of a user group who was
-- not in the channel, and not by name.
CREATE OR REPLACE FUNCTION is_of_group(uuid, text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM group_mentions WHERE message_id = $1 AND user_id = $2)
$$;
