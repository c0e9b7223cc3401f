"""What the database enforces about channels beyond columns, as statements that can be repeated.

`db push` applies these; migrations hold copies of their own, and a test proves both equal.
"""

RULES = (
    """
    CREATE OR REPLACE FUNCTION check_dm_members() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        channel text := CASE TG_TABLE_NAME
            WHEN 'channels' THEN to_jsonb(COALESCE(NEW, OLD)) ->> 'id'
            ELSE to_jsonb(COALESCE(NEW, OLD)) ->> 'channel_id'
        END;
        members integer;
    BEGIN
        -- The lock makes two transactions that change one DM count one after the other.
        PERFORM 1 FROM channels WHERE id = channel AND kind = 'dm' FOR NO KEY UPDATE;
        IF FOUND THEN
            SELECT count(*) INTO members FROM channel_members WHERE channel_id = channel;
            IF members <> 2 THEN
                RAISE EXCEPTION 'DM % must have exactly 2 members, not %', channel, members
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_channels_dm_members';
            END IF;
        END IF;
        RETURN NULL;
    END $$
    """,
    "DROP TRIGGER IF EXISTS channels_dm_members ON channels",
    """
    CREATE CONSTRAINT TRIGGER channels_dm_members AFTER INSERT OR UPDATE ON channels
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_dm_members()
    """,
    "DROP TRIGGER IF EXISTS channel_members_dm_members ON channel_members",
    """
    CREATE CONSTRAINT TRIGGER channel_members_dm_members
    AFTER INSERT OR UPDATE OR DELETE ON channel_members
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_dm_members()
    """,
)
