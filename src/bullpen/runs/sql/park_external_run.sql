-- Puts a run back that a program has claimed and not answered: it waits again. False where that program has it no longer.
CREATE OR REPLACE FUNCTION park_external_run(parked uuid, worker_id text, held_attempt integer) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT hold_run(parked, worker_id, held_attempt) THEN
        RETURN false;
    END IF;
    UPDATE runs SET status = 'created', started_at = NULL WHERE id = parked;
    UPDATE mailbox SET worker = NULL, lease_until = NULL WHERE run_id = parked;
    PERFORM tell_runs(ARRAY[parked]);
    INSERT INTO events (kind, channel_id, payload)
    SELECT 'agent.done', r.channel_id, jsonb_build_object(
        'agentId', r.agent_id, 'channelId', r.channel_id, 'parentMessageId', d.thread_id
    )
    FROM runs r LEFT JOIN run_details d ON d.run_id = r.id
    WHERE r.id = parked AND r.channel_id IS NOT NULL;
    -- Residents of the conversation may answer meanwhile.
    PERFORM pg_notify('{{mailbox_channel}}', '');
    RETURN true;
END $$;
