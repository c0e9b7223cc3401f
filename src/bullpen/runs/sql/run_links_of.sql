-- What links messages to runs, as JSON, for restore_run_links.
CREATE OR REPLACE FUNCTION run_links_of(messages uuid[]) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'triggers', (SELECT jsonb_agg(to_jsonb(x)) FROM run_triggers x WHERE x.message_id = ANY (messages)),
        'posts', (SELECT jsonb_agg(to_jsonb(x)) FROM run_posts x WHERE x.message_id = ANY (messages)),
        'notices', (SELECT jsonb_agg(to_jsonb(x)) FROM run_notices x WHERE x.message_id = ANY (messages)),
        'effects', (
            SELECT jsonb_agg(to_jsonb(x)) FROM run_effects x
            WHERE x.message_id = ANY (messages)
               OR x.reaction_id IN (SELECT r.id FROM reactions r WHERE r.message_id = ANY (messages))
        )
    )
$$;
