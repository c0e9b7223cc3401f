-- A run as the API serves it.
CREATE OR REPLACE FUNCTION run_json(r runs) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', r.id, 'agentId', r.agent_id, 'status', r.status, 'stopReason', r.stop_reason,
        'triggerMessageId', r.trigger_message_id, 'channelId', r.channel_id,
        'createdAt', instant(r.created_at), 'startedAt', instant(r.started_at),
        'completedAt', instant(r.completed_at),
        'tokenUsage', CASE WHEN r.token_usage IS NOT NULL THEN jsonb_build_object(
            'inputTokens', COALESCE((r.token_usage ->> 'input_tokens')::bigint, 0),
            'outputTokens', COALESCE((r.token_usage ->> 'output_tokens')::bigint, 0)
        ) END
    ) || CASE WHEN r.status = 'cancelled' AND has_answered(r.id, r.channel_id)
        THEN '{"hasAnswered": true}'::jsonb ELSE '{}' END
$$;
