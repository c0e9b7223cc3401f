"""Runs with their steps and messages, written straight into the database."""

from uuid import UUID

INSERT_RUN = """
INSERT INTO runs (agent_id, channel_id, trigger_message_id, status, stop_reason, created_at,
                  started_at, completed_at)
SELECT 'dwight', $1, (SELECT id FROM messages WHERE channel_id = $1 LIMIT 1), $2, $3,
       began - interval '1 second', began,
       CASE $2 WHEN 'completed' THEN began + $4 * interval '2 seconds' END
FROM (SELECT timestamptz '2026-03-04 13:00Z' AS began) run
RETURNING id
"""
INSERT_STEPS = """
INSERT INTO run_steps (run_id, step_number, status, model_id, token_usage, created_at, completed_at)
SELECT $1, n, 'completed', 'claude-sonnet-4-5-20250929',
       jsonb_build_object('input_tokens', 1000 + n, 'output_tokens', n),
       timestamptz '2026-03-04 13:00Z' + (n - 1) * interval '2 seconds',
       timestamptz '2026-03-04 13:00Z' + (n - 1) * interval '2 seconds' + interval '1.5 seconds'
FROM generate_series(1, $2) n
"""
INSERT_MESSAGES = """
INSERT INTO run_messages (run_id, step_id, message_type, content, tool_name, tool_input, created_at)
SELECT $1, s.id, type, CASE type
         WHEN 'system_message' THEN repeat('You are Dwight Schrute. Trust nobody. ', 200)
         WHEN 'tool_call_message' THEN ''
         WHEN 'tool_return_message' THEN '{"beets": [1, 2, 3]}'
         ELSE repeat('Message ' || s.step_number || ' about beets and paper. ', 12) END,
       CASE WHEN type LIKE 'tool%' THEN 'count_beets' END,
       CASE type WHEN 'tool_call_message'
         THEN '{"field": "north", "row": {"first": 1}}'::jsonb END,
       s.created_at + at * interval '0.2 seconds'
FROM run_steps s, (VALUES (1, 'system_message'), (2, 'user_message'), (3, 'assistant_message'),
                          (4, 'tool_call_message'), (5, 'tool_return_message')) m (at, type)
WHERE s.run_id = $1
"""


def insert_trace(
    run_sql, steps: int, *, channel: str = "general", status: str = "completed"
) -> UUID:
    """As many steps, each with one message of every type."""
    stop = "end_turn" if status == "completed" else None
    run_id: UUID = run_sql(INSERT_RUN, channel, status, stop, steps)[0][0]
    run_sql(INSERT_STEPS, run_id, steps)
    run_sql(INSERT_MESSAGES, run_id)
    return run_id
