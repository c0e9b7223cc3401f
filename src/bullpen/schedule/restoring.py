"""Puts an agent's plans back as they were."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Connection

from bullpen.kit.ids import new_id

PLAN = """
INSERT INTO scheduled_messages
    (id, agent_id, trigger_at, prompt, target_channel_id, status, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
PATTERN = """
INSERT INTO recurring_messages
    (id, agent_id, cron, time_zone, prompt, target_channel_id, next_id, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
TAKEN = """
SELECT EXISTS (SELECT FROM scheduled_messages WHERE id = $1)
    OR EXISTS (SELECT FROM recurring_messages WHERE id = $1)
"""


class Plan(NamedTuple):
    id: UUID | None
    trigger_at: datetime
    prompt: str
    channel_id: str | None
    status: str
    created_at: datetime


class Repeated(NamedTuple):
    """`next_id`: the plan that is pending for it. The scheduler makes one where there is none."""

    id: UUID | None
    cron: str
    time_zone: str
    prompt: str
    channel_id: str | None
    next_id: UUID | None
    created_at: datetime


async def free_id(connection: Connection, wanted: UUID | None) -> UUID:
    if wanted is None or await connection.fetchval(TAKEN, wanted):
        return new_id()
    return wanted


async def restore_plan(connection: Connection, agent_id: str, plan: Plan) -> UUID:
    plan_id = await free_id(connection, plan.id)
    await connection.execute(PLAN, plan_id, agent_id, *plan[1:])
    return plan_id


async def restore_pattern(connection: Connection, agent_id: str, repeated: Repeated) -> None:
    written = await free_id(connection, repeated.id)
    await connection.execute(PATTERN, written, agent_id, *repeated[1:])
