-- Brings back what keep_deleted_message has kept. False where it was brought back or forgotten meanwhile, and where the message
-- has no place any more: its thread was deleted, too.
CREATE OR REPLACE FUNCTION restore_deleted_message(deleted uuid) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    rows jsonb;
    roots uuid[];
BEGIN
    DELETE FROM deleted_messages WHERE message_id = deleted RETURNING kept INTO rows;
    IF rows IS NULL THEN
        RETURN false;
    END IF;
    -- A new reply locks its root in the same way: a transaction that deletes the thread holds the root and waits for the log lock.
    roots := ARRAY(
        SELECT (x ->> 'parent_message_id')::uuid FROM jsonb_array_elements(rows -> 'messages') x
        WHERE x ->> 'id' = deleted::text AND x ->> 'parent_message_id' IS NOT NULL
    );
    PERFORM FROM messages WHERE id = ANY (roots) FOR KEY SHARE;
    IF NOT FOUND AND cardinality(roots) > 0 THEN
        RETURN false;
    END IF;
    PERFORM set_config('bullpen.restoring', 'on', true);
    INSERT INTO messages SELECT * FROM jsonb_populate_recordset(NULL::messages, NULLIF(rows -> 'messages', 'null'));
    INSERT INTO channel_replies SELECT * FROM jsonb_populate_recordset(NULL::channel_replies, NULLIF(rows -> 'listed', 'null'));
    INSERT INTO message_words SELECT * FROM jsonb_populate_recordset(NULL::message_words, NULLIF(rows -> 'words', 'null'));
    INSERT INTO message_edits SELECT * FROM jsonb_populate_recordset(NULL::message_edits, NULLIF(rows -> 'edits', 'null'));
    INSERT INTO earlier_texts SELECT * FROM jsonb_populate_recordset(NULL::earlier_texts, NULLIF(rows -> 'texts', 'null'));
    INSERT INTO message_pins SELECT * FROM jsonb_populate_recordset(NULL::message_pins, NULLIF(rows -> 'pins', 'null'));
    INSERT INTO message_previews
    SELECT x.* FROM jsonb_populate_recordset(NULL::message_previews, NULLIF(rows -> 'previews', 'null')) x
    JOIN link_previews l ON l.id = x.preview_id FOR KEY SHARE OF l;
    INSERT INTO reactions SELECT * FROM jsonb_populate_recordset(NULL::reactions, NULLIF(rows -> 'reactions', 'null'));
    INSERT INTO reacted_messages SELECT * FROM jsonb_populate_recordset(NULL::reacted_messages, NULLIF(rows -> 'reacted', 'null'));
    INSERT INTO mentions SELECT * FROM jsonb_populate_recordset(NULL::mentions, NULLIF(rows -> 'mentions', 'null'));
    INSERT INTO group_mentions SELECT * FROM jsonb_populate_recordset(NULL::group_mentions, NULLIF(rows -> 'groups', 'null'));
    INSERT INTO mention_marks SELECT * FROM jsonb_populate_recordset(NULL::mention_marks, NULLIF(rows -> 'marks', 'null'));
    PERFORM restore_run_links(rows -> 'runs');
    PERFORM take_files_back(rows -> 'files');
    PERFORM set_config('bullpen.restoring', '', true);
    -- These rows are only written while holding it.
    PERFORM pg_advisory_xact_lock({{log_lock}});
    INSERT INTO thread_cursors SELECT * FROM jsonb_populate_recordset(NULL::thread_cursors, NULLIF(rows -> 'cursors', 'null'));
    INSERT INTO thread_follows SELECT * FROM jsonb_populate_recordset(NULL::thread_follows, NULLIF(rows -> 'follows', 'null'));
    RETURN true;
END $$;
