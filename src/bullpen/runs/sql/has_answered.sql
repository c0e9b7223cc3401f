-- Whether a run has posted in its channel, other than a notice that it does not answer. A run that is stopped
-- afterwards has not been "stopped before answering".
CREATE OR REPLACE FUNCTION has_answered(run uuid, channel text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM run_posts p JOIN messages m ON m.id = p.message_id
        WHERE p.run_id = run AND m.channel_id = channel
          AND NOT EXISTS (SELECT FROM run_notices n WHERE n.message_id = m.id)
    )
$$;
