-- Keeps what a run is writing, for those who may read it once it is sent, and notifies web processes. `to_channel`, `in_thread`
-- and `to_user` are the address that the model gave; without one the answer goes where the run was asked. Nothing is kept of
-- a text that could not be sent there. Only readers of the run's own place see its thoughts and tools, as in its trace; of
-- a run that knows a private place beside its own, nobody does.
-- False where the worker does not have the run any longer.
CREATE OR REPLACE FUNCTION keep_partial_answer(
    writing uuid, worker_id text, held_attempt integer, written text, thoughts text, tool_name text,
    to_channel text DEFAULT NULL, in_thread text DEFAULT NULL, to_user text DEFAULT NULL
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    run record;
    place text;
    thread uuid;
    is_own boolean;
BEGIN
    -- It is shown while it lasts, and gone after a crash.
    PERFORM set_config('synchronous_commit', 'off', true);
    SELECT r.agent_id, r.channel_id, d.thread_id INTO run
    FROM mailbox b JOIN runs r ON r.id = b.run_id LEFT JOIN run_details d ON d.run_id = r.id
    WHERE b.run_id = writing AND b.worker = worker_id AND b.attempt = held_attempt AND r.status = 'running';
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF to_channel IS NOT NULL THEN
        place := ltrim(to_channel, '#');
    ELSIF to_user IS NOT NULL THEN
        SELECT c.id INTO place FROM channels c
        JOIN channel_members mine ON mine.channel_id = c.id AND mine.user_id = run.agent_id
        JOIN channel_members theirs ON theirs.channel_id = c.id AND theirs.user_id = ltrim(to_user, '@')
        WHERE c.kind = 'dm' AND ltrim(to_user, '@') <> run.agent_id ORDER BY c.id LIMIT 1;
    ELSIF in_thread IS NOT NULL THEN
        SELECT m.channel_id, m.id INTO place, thread FROM messages m
        WHERE m.id::text = lower(in_thread) AND m.channel_id = run.channel_id AND m.parent_message_id IS NULL;
    ELSE
        place := run.channel_id;
        thread := run.thread_id;
    END IF;
    is_own := place = run.channel_id AND NOT EXISTS (SELECT FROM run_reaches reach WHERE reach.run_id = writing);
    IF place IS NULL OR NOT EXISTS (
            SELECT FROM channel_members m WHERE m.channel_id = place AND m.user_id = run.agent_id
        ) OR EXISTS (SELECT FROM archived_channels a WHERE a.channel_id = place)
        OR NOT run_may_reach(writing, readers_of(place))
        OR (written = '' AND NOT is_own)
    THEN
        DELETE FROM partial_answers p WHERE p.run_id = writing;
    ELSE
        INSERT INTO partial_answers AS p (
            run_id, worker, attempt, channel_id, thread_id, text, thinking, tool, version
        ) VALUES (
            writing, worker_id, held_attempt, place, thread, written,
            CASE WHEN is_own THEN thoughts ELSE '' END, CASE WHEN is_own THEN tool_name END,
            pg_current_xact_id()::text::bigint
        ) ON CONFLICT (run_id) DO UPDATE SET
            worker = EXCLUDED.worker, attempt = EXCLUDED.attempt, channel_id = EXCLUDED.channel_id,
            thread_id = EXCLUDED.thread_id, text = EXCLUDED.text, thinking = EXCLUDED.thinking,
            tool = EXCLUDED.tool, version = EXCLUDED.version;
    END IF;
    PERFORM pg_notify('{{events_channel}}', '{{partial_answers}}');
    RETURN true;
END $$;
