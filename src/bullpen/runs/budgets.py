"""What may be spent in a day: by an agent, in a channel, in the workspace.

What a call may cost at most is reserved before it is made: however many are made at once, they
stay within it together.
"""

from typing import Annotated

from asyncpg import Connection
from msgspec import Meta, Struct

from bullpen.audit.actions import Target
from bullpen.kit.database import Reader
from bullpen.members.access import readable
from bullpen.members.actor import Actor
from bullpen.members.audit_trail import audit
from bullpen.members.permissions import Permission, require

# Agent, channel, workspace: everybody locks them in this order.
RESERVE = """
WITH place (number, agent_id, channel_id) AS (
    SELECT 1, $1::text, NULL::text
    UNION ALL SELECT 2, NULL, id FROM channels WHERE id = $2
    UNION ALL SELECT 3, NULL, NULL
), reserved AS (
    INSERT INTO spending AS s (day, agent_id, channel_id, reserved_usd)
    SELECT (now() AT TIME ZONE 'UTC')::date, agent_id, channel_id, $3
    FROM place ORDER BY number
    ON CONFLICT (day, agent_id, channel_id)
        DO UPDATE SET reserved_usd = s.reserved_usd + EXCLUDED.reserved_usd
    RETURNING agent_id, channel_id, spent_usd + reserved_usd AS total
)
SELECT CASE WHEN b.agent_id IS NOT NULL THEN 'The agent''s' WHEN b.channel_id IS NOT NULL
    THEN 'This channel''s' ELSE 'The workspace''s' END, b.daily_usd, b.daily_usd - r.total + $3
FROM reserved r JOIN budgets b ON b.agent_id IS NOT DISTINCT FROM r.agent_id
    AND b.channel_id IS NOT DISTINCT FROM r.channel_id
WHERE r.total > b.daily_usd ORDER BY b.daily_usd LIMIT 1
"""

LIST = f"""
SELECT b.agent_id, b.channel_id, b.daily_usd, COALESCE(s.spent_usd, 0)::float8,
       COALESCE(s.reserved_usd, 0)::float8
FROM budgets b LEFT JOIN spending s ON s.day = (now() AT TIME ZONE 'UTC')::date
    AND s.agent_id IS NOT DISTINCT FROM b.agent_id
    AND s.channel_id IS NOT DISTINCT FROM b.channel_id
WHERE b.channel_id IS NULL OR EXISTS (
    SELECT FROM channels c WHERE c.id = b.channel_id AND {readable("c")}
)
ORDER BY b.agent_id NULLS FIRST, b.channel_id NULLS FIRST
"""
SET = """
INSERT INTO budgets (agent_id, channel_id, daily_usd) VALUES ($1, $2, $3)
ON CONFLICT (agent_id, channel_id) DO UPDATE SET daily_usd = EXCLUDED.daily_usd
"""
REMOVE = """
DELETE FROM budgets
WHERE agent_id IS NOT DISTINCT FROM $1 AND channel_id IS NOT DISTINCT FROM $2
"""


class Budget(Struct, rename="camel"):
    """A daily limit for an agent or a channel, or for the workspace if both ids are null."""

    agent_id: Annotated[str | None, Meta(description="Id of the agent that it limits, if any.")]
    channel_id: Annotated[str | None, Meta(description="Id of the channel that it limits, if any.")]
    daily_usd: Annotated[float, Meta(description="The limit for a day (UTC), in US dollars.")]
    spent_usd: Annotated[float, Meta(description="What today has cost so far.")]
    reserved_usd: Annotated[
        float, Meta(description="The most that model calls under way may still cost.")
    ]


# Less than this is nothing, to people.
LEAST_USD = 0.005
RAISE = "Raise it in the settings, or wait for the next day (UTC)."


class Exceeded(Exception):
    """Raised inside the transaction, which must not be committed."""


async def reserve(
    connection: Connection, agent_id: str, channel_id: str | None, most_usd: float
) -> None:
    row = await connection.fetchrow(RESERVE, agent_id, channel_id, most_usd)
    if row is None:
        return
    whose, daily, left = row
    budget = f"{whose} budget for today, ${daily:,.2f},"
    if left < LEAST_USD:
        raise Exceeded(f"{budget} is used up. {RAISE}")
    raise Exceeded(
        f"{budget} has ${left:,.2f} left, and the next call may cost ${most_usd:,.2f}. {RAISE}"
    )


async def list_budgets(reader: Reader, actor: Actor) -> list[Budget]:
    require(actor, Permission.READ_AGENTS)
    return [Budget(*row) for row in await reader.fetch(LIST, actor.user_id)]


async def set_budget(
    connection: Connection,
    actor: Actor,
    agent_id: str | None,
    channel_id: str | None,
    daily_usd: float | None,
) -> None:
    """None: no limit."""
    require(actor, Permission.SET_BUDGET)
    if daily_usd is None:
        await connection.execute(REMOVE, agent_id, channel_id)
    else:
        await connection.execute(SET, agent_id, channel_id, daily_usd)
    target = Target("workspace", "workspace")
    if agent_id is not None:
        target = Target("agent", agent_id)
    elif channel_id is not None:
        target = Target("channel", channel_id)
    await audit(connection, actor, "budget.changed", target, dailyUsd=daily_usd)
