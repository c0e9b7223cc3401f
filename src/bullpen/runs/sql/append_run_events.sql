-- Appends run.changed for each of these runs, and then, if given, agent.typing or agent.done for those that have begun: an
-- agent whose run only waited was not shown as typing.
CREATE OR REPLACE FUNCTION append_run_events(changed uuid[], typing text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO events (kind, channel_id, payload)
    SELECT e.kind, r.channel_id, e.payload
    FROM runs r LEFT JOIN run_details d ON d.run_id = r.id CROSS JOIN LATERAL (VALUES
        (1, 'run.changed', jsonb_build_object('run', run_json(r))),
        (2, typing, jsonb_build_object(
            'agentId', r.agent_id, 'channelId', r.channel_id, 'parentMessageId', d.thread_id
        ))
    ) e (place, kind, payload)
    WHERE r.id = ANY (changed) AND (
        e.place = 1 OR (typing IS NOT NULL AND r.channel_id IS NOT NULL AND r.started_at IS NOT NULL)
    )
    ORDER BY e.place, r.id;
END $$;
