-- Puts runs that are under way back into the mailbox, where they wait again: the worker that has them can write nothing more
-- in them and stops, and the next one to claim them goes on from what is recorded. The rows of the runs are locked already.
CREATE OR REPLACE FUNCTION park_runs(parked uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    run_id uuid;
BEGIN
    UPDATE runs SET status = 'created', started_at = NULL WHERE id = ANY (parked);
    UPDATE mailbox b SET worker = NULL, lease_until = NULL WHERE b.run_id = ANY (parked);
    PERFORM fail_open_steps(parked);
    PERFORM append_run_events(parked);
    INSERT INTO events (kind, channel_id, payload)
    SELECT 'agent.done', r.channel_id, jsonb_build_object(
        'agentId', r.agent_id, 'channelId', r.channel_id, 'parentMessageId', d.thread_id
    )
    FROM runs r LEFT JOIN run_details d ON d.run_id = r.id
    WHERE r.id = ANY (parked) AND r.channel_id IS NOT NULL ORDER BY r.id;
    FOREACH run_id IN ARRAY parked LOOP
        PERFORM pg_notify('{{mailbox_channel}}', run_id::text);
    END LOOP;
    -- Others of these conversations may answer meanwhile.
    PERFORM pg_notify('{{mailbox_channel}}', '');
END $$;
