-- That they changed, and who begins to answer or is done, with the plans of earlier calls.
CREATE OR REPLACE FUNCTION tell_runs(told uuid[], typing text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO events (kind, channel_id, payload)
    SELECT e.kind, r.channel_id, e.payload
    FROM runs r JOIN run_details d ON d.run_id = r.id CROSS JOIN LATERAL (VALUES
        (1, 'run.changed', jsonb_build_object('run', run_json(r))),
        (2, typing, jsonb_build_object(
            'agentId', r.agent_id, 'channelId', r.channel_id, 'parentMessageId', d.thread_id
        ))
    ) e (place, kind, payload)
    WHERE r.id = ANY (told) AND (
        e.place = 1 OR (typing IS NOT NULL AND r.channel_id IS NOT NULL)
    )
    ORDER BY e.place, r.id;
END $$;
