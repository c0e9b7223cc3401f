-- What chat/routing.py decides from, as JSON: of these channels, of the threads below these
-- messages, of the run that posts, everybody's name and role and the user groups if a text may mention them, and what
-- scores of how well agents fit the messages of people are made from.
-- Members are those that can be asked: active agents, in the order of joining. Of a thread, first its author, then those who
-- replied, the last one first. `program`: the agent whose program posts without a run.
CREATE OR REPLACE FUNCTION routing_facts(
    channel_ids text[], thread_ids uuid[], wants_people boolean, run uuid DEFAULT NULL,
    program text DEFAULT NULL,
    message_ids uuid[] DEFAULT '{}', places text[] DEFAULT '{}', texts text[] DEFAULT '{}'
) RETURNS text LANGUAGE plpgsql STABLE
-- One plan for all times, made while these tables may be empty: so it goes by their indexes.
SET plan_cache_mode = force_generic_plan
SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    found_channels json;
    threads json;
    posting_run json;
    people json;
    groups json;
    judged json;
BEGIN
    -- Each only where it is asked for: a statement that begins takes time for all its parts, also for those that it leaves out.
    found_channels := (
        SELECT json_object_agg(c.id, json_build_object(
            'kind', c.kind,
            'members', ARRAY(
                SELECT m.user_id FROM channel_members m
                JOIN agents a ON a.id = m.user_id AND a.is_active
                WHERE m.channel_id = c.id ORDER BY m.id
            ),
            'policy', COALESCE(answering.policy, 'all'),
            'host', answering.host_id,
            'policies', COALESCE((
                SELECT json_object_agg(p.agent_id, p.policy) FROM channel_policies p
                WHERE p.channel_id = c.id
            ), '{}')
        )) FROM channels c LEFT JOIN channel_answering answering ON answering.channel_id = c.id
        WHERE c.id = ANY (channel_ids)
    );
    IF cardinality(thread_ids) > 0 THEN
        threads := (
            SELECT json_object_agg(root.id, root.user_id || ARRAY(
                SELECT m.user_id FROM messages m WHERE m.parent_message_id = root.id
                GROUP BY m.user_id ORDER BY max(m.created_at) DESC
            )) FROM messages root WHERE root.id = ANY (thread_ids)
        );
    END IF;
    IF program IS NOT NULL THEN
        posting_run := (
            -- What the agent was asked last, if it may still be what its program acts on.
            SELECT json_build_object(
                'id', asked.id,
                'depth', COALESCE(d.depth, 0),
                'started_by', d.started_by,
                'of_runs', (
                    SELECT count(*) FROM (
                        SELECT said.id, said.user_id FROM messages said
                        WHERE said.channel_id = channel_ids[1]
                        ORDER BY said.created_at DESC, said.id DESC LIMIT {{answers_in_a_row}} - 1
                    ) newest
                    WHERE newest.user_id = posting.agent_id
                       OR EXISTS (SELECT FROM external_agents e WHERE e.agent_id = newest.user_id)
                       OR EXISTS (SELECT FROM run_posts p WHERE p.message_id = newest.id)
                )
            ) FROM (VALUES (program)) posting (agent_id)
            LEFT JOIN LATERAL (
                SELECT r.id, r.created_at, r.status FROM runs r WHERE r.agent_id = posting.agent_id
                ORDER BY r.created_at DESC, r.id DESC LIMIT 1
            ) asked ON asked.status IN ('created', 'running')
                OR asked.created_at > now() - interval '1 hour'
            LEFT JOIN run_details d ON d.run_id = asked.id
        );
    ELSIF run IS NOT NULL THEN
        posting_run := (
            SELECT json_build_object(
                'depth', d.depth,
                'started_by', d.started_by,
                'of_runs', (
                    SELECT count(*) FROM (
                        (
                            SELECT said.id FROM messages said
                            WHERE cardinality(thread_ids) = 0 AND said.channel_id = channel_ids[1]
                              AND said.parent_message_id IS NULL
                            ORDER BY said.created_at DESC, said.id DESC
                            LIMIT {{answers_in_a_row}} - 1
                        )
                        UNION ALL
                        (
                            SELECT said.id FROM messages said
                            WHERE said.parent_message_id = thread_ids[1]
                            ORDER BY said.created_at DESC, said.id DESC
                            LIMIT {{answers_in_a_row}} - 1
                        )
                    ) newest
                    WHERE EXISTS (SELECT FROM run_posts p WHERE p.message_id = newest.id)
                )
            ) FROM run_details d WHERE d.run_id = run
        );
    END IF;
    IF wants_people THEN
        people := (
            SELECT json_agg(
                json_build_array(u.id, u.display_name, u.is_active, person.role) ORDER BY u.id
            ) FROM users u LEFT JOIN people person ON person.id = u.id
        );
        groups := user_group_names();
    END IF;
    IF EXISTS (
        SELECT FROM channel_answering answering
        WHERE answering.channel_id = ANY (places) AND answering.policy = 'best_fit'
    ) OR EXISTS (
        SELECT FROM channel_policies p WHERE p.channel_id = ANY (places) AND p.policy = 'best_fit'
    ) THEN
        judged := judged_words(message_ids, places, texts);
    END IF;
    RETURN json_build_object(
        'channels', COALESCE(found_channels, '{}'), 'threads', COALESCE(threads, '{}'), 'run', posting_run,
        'people', COALESCE(people, '[]'), 'groups', COALESCE(groups, '[]'), 'judged', judged
    )::text;
END $$;
