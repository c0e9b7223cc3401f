-- What run_links_of has found of messages that are there again. Runs may have been deleted meanwhile.
CREATE OR REPLACE FUNCTION restore_run_links(kept jsonb) RETURNS void LANGUAGE sql AS $$
    INSERT INTO run_triggers SELECT x.* FROM jsonb_populate_recordset(NULL::run_triggers, NULLIF(kept -> 'triggers', 'null')) x
    WHERE EXISTS (SELECT FROM runs r WHERE r.id = x.run_id);
    INSERT INTO run_posts SELECT x.* FROM jsonb_populate_recordset(NULL::run_posts, NULLIF(kept -> 'posts', 'null')) x
    WHERE EXISTS (SELECT FROM runs r WHERE r.id = x.run_id);
    INSERT INTO run_notices SELECT x.* FROM jsonb_populate_recordset(NULL::run_notices, NULLIF(kept -> 'notices', 'null')) x
    WHERE EXISTS (SELECT FROM run_posts p WHERE p.message_id = x.message_id);
    INSERT INTO run_effects SELECT x.* FROM jsonb_populate_recordset(NULL::run_effects, NULLIF(kept -> 'effects', 'null')) x
    WHERE EXISTS (SELECT FROM runs r WHERE r.id = x.run_id);
$$;
