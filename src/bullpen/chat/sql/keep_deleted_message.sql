-- Keeps a message that is about to be deleted, with all that goes with it, so that its author can bring it back until `lasts` is
-- over: its rows as JSON, so that no other statement finds them. Contents of files stay where they are, as those of uploads
-- that are not complete: nobody can read them, and they are removed if the message does not come back.
CREATE OR REPLACE FUNCTION keep_deleted_message(deleting uuid, author text, lasts interval) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    going uuid[] := ARRAY(SELECT id FROM messages WHERE id = deleting OR parent_message_id = deleting);
BEGIN
    -- What others add to a reply meanwhile would be missing from what is kept.
    PERFORM FROM messages WHERE id = ANY (going) ORDER BY id FOR UPDATE;
    INSERT INTO deleted_messages (message_id, channel_id, deleted_by, undo_until, kept)
    SELECT deleting, m.channel_id, author, clock_timestamp() + lasts, jsonb_build_object(
        'messages', (SELECT jsonb_agg(to_jsonb(x)) FROM messages x WHERE x.id = ANY (going)),
        'listed', (SELECT jsonb_agg(to_jsonb(x)) FROM channel_replies x WHERE x.message_id = ANY (going)),
        'words', (SELECT jsonb_agg(to_jsonb(x)) FROM message_words x WHERE x.message_id = ANY (going)),
        'edits', (SELECT jsonb_agg(to_jsonb(x)) FROM message_edits x WHERE x.message_id = ANY (going)),
        'texts', (SELECT jsonb_agg(to_jsonb(x)) FROM earlier_texts x WHERE x.message_id = ANY (going)),
        'pins', (SELECT jsonb_agg(to_jsonb(x)) FROM message_pins x WHERE x.message_id = ANY (going)),
        'previews', (SELECT jsonb_agg(to_jsonb(x)) FROM message_previews x WHERE x.message_id = ANY (going)),
        'reactions', (SELECT jsonb_agg(to_jsonb(x)) FROM reactions x WHERE x.message_id = ANY (going)),
        'reacted', (SELECT jsonb_agg(to_jsonb(x)) FROM reacted_messages x WHERE x.message_id = ANY (going)),
        'mentions', (SELECT jsonb_agg(to_jsonb(x)) FROM mentions x WHERE x.message_id = ANY (going)),
        'groups', (SELECT jsonb_agg(to_jsonb(x)) FROM group_mentions x WHERE x.message_id = ANY (going)),
        'marks', (SELECT jsonb_agg(to_jsonb(x)) FROM mention_marks x WHERE x.message_id = ANY (going)),
        'cursors', (SELECT jsonb_agg(to_jsonb(x)) FROM thread_cursors x WHERE x.root_id = deleting),
        'follows', (SELECT jsonb_agg(to_jsonb(x)) FROM thread_follows x WHERE x.root_id = deleting),
        'runs', run_links_of(going),
        'files', put_files_away(going)
    ) FROM messages m WHERE m.id = deleting
    ON CONFLICT (message_id) DO UPDATE
    SET deleted_by = EXCLUDED.deleted_by, undo_until = EXCLUDED.undo_until, kept = EXCLUDED.kept;
END $$;
