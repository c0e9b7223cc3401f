-- A direct message has two members, one of a group three to nine. Which they are is kept in `group_dms`, whose unique constraint
-- refuses a second conversation of the same ones.
CREATE OR REPLACE FUNCTION check_dm_members() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    key text := CASE TG_TABLE_NAME WHEN 'channels' THEN 'id' ELSE 'channel_id' END;
    channel text;
    found_kind text;
    members text[];
BEGIN
    -- A row that moves to another channel leaves one, too.
    FOR channel IN
        SELECT DISTINCT version ->> key FROM unnest(ARRAY[to_jsonb(OLD), to_jsonb(NEW)]) version
        WHERE version IS NOT NULL ORDER BY 1
    LOOP
        -- The lock makes two transactions that change one channel count one after the other,
        -- also where one of them is making a DM of it.
        SELECT kind INTO found_kind FROM channels WHERE id = channel FOR NO KEY UPDATE;
        CONTINUE WHEN found_kind IS NULL OR found_kind NOT IN ('dm', 'group_dm');
        members := ARRAY(
            SELECT user_id FROM channel_members WHERE channel_id = channel ORDER BY user_id COLLATE "C"
        );
        IF found_kind = 'dm' AND cardinality(members) <> {{dm_members}} THEN
            RAISE EXCEPTION 'DM % must have exactly {{dm_members}} members, not %', channel, cardinality(members)
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_channels_dm_members';
        ELSIF found_kind = 'group_dm' THEN
            IF cardinality(members) NOT BETWEEN {{fewest_in_group_dm}} AND {{most_in_group_dm}} THEN
                RAISE EXCEPTION 'Group DM % must have {{fewest_in_group_dm}} to {{most_in_group_dm}} members, not %',
                    channel, cardinality(members)
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_channels_dm_members';
            END IF;
            INSERT INTO group_dms AS kept (channel_id, member_ids) VALUES (channel, members)
            ON CONFLICT (channel_id) DO UPDATE SET member_ids = EXCLUDED.member_ids
            WHERE kept.member_ids <> EXCLUDED.member_ids;
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
