CREATE OR REPLACE FUNCTION check_dm_members() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    key text := CASE TG_TABLE_NAME WHEN 'channels' THEN 'id' ELSE 'channel_id' END;
    channel text;
    found_kind text;
    members integer;
BEGIN
    -- A row that moves to another channel leaves one, too.
    FOR channel IN
        SELECT DISTINCT version ->> key FROM unnest(ARRAY[to_jsonb(OLD), to_jsonb(NEW)]) version
        WHERE version IS NOT NULL ORDER BY 1
    LOOP
        -- The lock makes two transactions that change one channel count one after the other,
        -- also where one of them is making a DM of it.
        SELECT kind INTO found_kind FROM channels WHERE id = channel FOR NO KEY UPDATE;
        IF found_kind = 'dm' THEN
            SELECT count(*) INTO members FROM channel_members WHERE channel_id = channel;
            IF members <> 2 THEN
                RAISE EXCEPTION 'DM % must have exactly 2 members, not %', channel, members
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_channels_dm_members';
            END IF;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS channels_dm_members ON channels;

CREATE CONSTRAINT TRIGGER channels_dm_members AFTER INSERT OR UPDATE ON channels
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_dm_members();

DROP TRIGGER IF EXISTS channel_members_dm_members ON channel_members;

CREATE CONSTRAINT TRIGGER channel_members_dm_members
AFTER INSERT OR UPDATE OR DELETE ON channel_members
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_dm_members();
