-- Ends runs that wait or are under way, and answers the ids of those that it ended. This is the only way in which a run
-- ends: its open step fails and frees what it reserved, the history that an interrupted run would continue from goes,
-- and a trigger takes it out of the mailbox and wakes its worker. Rows are locked in the order run, mailbox, spending, log
-- lock. Pass `with_events` as false where the runs are deleted next.
CREATE OR REPLACE FUNCTION end_runs(
    ending uuid[], ended_as text, reason text, what_went_wrong text DEFAULT NULL, with_events boolean DEFAULT true
) RETURNS SETOF uuid LANGUAGE plpgsql AS $$
DECLARE
    ended uuid[];
    -- One moment for all: what is stopped together is shown together.
    ended_at timestamptz;
BEGIN
    WITH locked AS (
        SELECT id FROM runs WHERE id = ANY (ending) AND status IN ('created', 'running')
        ORDER BY id FOR NO KEY UPDATE
    )
    SELECT array_agg(id) INTO ended FROM locked;
    IF ended IS NULL THEN
        RETURN;
    END IF;
    ended_at := clock_timestamp();
    UPDATE runs SET status = ended_as, stop_reason = reason, completed_at = ended_at
    WHERE id = ANY (ended);
    PERFORM fail_open_steps(ended);
    UPDATE run_details SET problem = COALESCE(what_went_wrong, problem), history = NULL
    WHERE run_id = ANY (ended) AND (what_went_wrong IS NOT NULL OR history IS NOT NULL);
    IF with_events THEN
        PERFORM append_run_events(ended, 'agent.done');
    END IF;
    RETURN QUERY SELECT unnest(ended);
END $$;
