CREATE OR REPLACE FUNCTION check_reply() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.channel_id, NEW.parent_message_id)
                IS DISTINCT FROM (OLD.channel_id, OLD.parent_message_id) THEN
            RAISE EXCEPTION 'a message stays in its channel and thread'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_messages_stays';
        END IF;
    ELSIF NEW.parent_message_id IS NOT NULL AND EXISTS (
        SELECT FROM messages parent
        WHERE parent.id = NEW.parent_message_id
          AND (parent.parent_message_id IS NOT NULL OR parent.channel_id <> NEW.channel_id)
    ) THEN
        RAISE EXCEPTION 'a reply belongs to a top-level message of the same channel'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_messages_parent';
    END IF;
    RETURN NULL;
END $$;

-- Afterwards: one statement may write a reply before the message that it belongs to.
CREATE OR REPLACE TRIGGER messages_reply
AFTER INSERT OR UPDATE OF channel_id, parent_message_id ON messages
FOR EACH ROW EXECUTE FUNCTION check_reply();
