-- Keeps when others last reacted to a message, for its author's inbox. Reactions to one message are made one after the
-- other, but their times are those of their transactions: one that comes later may be older than what was read meanwhile.
CREATE OR REPLACE FUNCTION keep_reacted_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO reacted_messages (message_id, user_id, channel_id, reacted_at)
        SELECT m.id, m.user_id, m.channel_id, NEW.created_at FROM messages m
        WHERE m.id = NEW.message_id AND m.user_id <> NEW.user_id
        ON CONFLICT (message_id) DO UPDATE
        SET reacted_at = GREATEST(reacted_messages.reacted_at, EXCLUDED.reacted_at),
            read_at = CASE WHEN reacted_messages.read_at < EXCLUDED.reacted_at THEN reacted_messages.read_at END;
        RETURN NULL;
    END IF;
    UPDATE reacted_messages kept SET reacted_at = newest.created_at
    FROM (
        SELECT max(r.created_at) AS created_at FROM reactions r JOIN messages m ON m.id = r.message_id
        WHERE r.message_id = OLD.message_id AND r.user_id <> m.user_id
    ) newest
    WHERE kept.message_id = OLD.message_id AND newest.created_at IS NOT NULL;
    IF NOT FOUND THEN
        DELETE FROM reacted_messages WHERE message_id = OLD.message_id;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER reactions_reacted_message AFTER INSERT OR DELETE ON reactions
FOR EACH ROW WHEN (current_setting('bullpen.restoring', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION keep_reacted_message();
