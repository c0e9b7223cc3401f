"""Runs that wait or are executed by a worker that does not exist."""

from collections.abc import Callable
from uuid import UUID, uuid4

import asyncpg

AGENT, CHANNEL = "toby", "general"
UNDER_WAY = """
WITH run AS (
    INSERT INTO runs (id, agent_id, channel_id, status, started_at)
    VALUES ($1, $2, $3, $4, CASE WHEN $4 = 'running' THEN clock_timestamp() END) RETURNING id
), details AS (
    INSERT INTO run_details (run_id, kind, history, cost_usd)
    SELECT id, 'message', 'told', 0.5 FROM run
), step AS (
    INSERT INTO run_steps (id, run_id, step_number, model_id)
    SELECT gen_random_uuid(), id, 1, 'scripted' FROM run WHERE $4 = 'running' RETURNING id
), step_detail AS (
    INSERT INTO step_details (step_id, request, reserved_usd) SELECT id, '{}', 2 FROM step
), reserved AS (
    INSERT INTO spending (day, agent_id, channel_id, reserved_usd)
    SELECT (now() AT TIME ZONE 'UTC')::date, place.agent_id, place.channel_id, 2
    FROM step, (VALUES ($2, NULL), (NULL, $3), (NULL, NULL)) place (agent_id, channel_id)
    ON CONFLICT DO NOTHING
)
INSERT INTO mailbox (run_id, agent_id, channel_id, priority, worker, lease_until, attempt)
SELECT id, $2, $3, 0, CASE WHEN $4 = 'running' THEN 'test' END,
       CASE WHEN $4 = 'running' THEN 'infinity'::timestamptz END, 1
FROM run
"""

RunSql = Callable[..., list[asyncpg.Record]]


def begin(run_sql: RunSql, status: str, channel: str = CHANNEL) -> UUID:
    run_id = uuid4()
    run_sql(UNDER_WAY, run_id, AGENT, channel, status)
    return run_id
