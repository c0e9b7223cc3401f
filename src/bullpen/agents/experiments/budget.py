"""What experiments may spend in a day: no more than the daily budgets leave.

They are not written to `spending`, which is outside of their own tables: so a budget is checked
against what runs have spent and reserved, and what experiments have cost. Trials that begin at the
same moment do not see each other's next call.
"""

from bullpen.agents.run_context import RunContext
from bullpen.kit.database import Reader
from bullpen.runs.budgets import Exceeded

LEFT = """
SELECT CASE WHEN b.agent_id IS NOT NULL THEN 'the agent''s'
            WHEN b.channel_id IS NOT NULL THEN 'the channel''s' ELSE 'the workspace''s' END,
       b.daily_usd, b.daily_usd - COALESCE(s.spent_usd + s.reserved_usd, 0) - (
           SELECT COALESCE(sum(t.cost_usd), 0)
           FROM experiment_trials t JOIN experiments e ON e.id = t.experiment_id
           WHERE t.started_at >= date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
             AND (b.agent_id IS NULL OR e.agent_id = b.agent_id)
             AND (b.channel_id IS NULL OR e.channel_id = b.channel_id)
       ) AS left_usd
FROM budgets b LEFT JOIN spending s ON s.day = (now() AT TIME ZONE 'UTC')::date
    AND s.agent_id IS NOT DISTINCT FROM b.agent_id
    AND s.channel_id IS NOT DISTINCT FROM b.channel_id
WHERE b.agent_id = $1 OR b.channel_id = $2 OR b.agent_id IS NULL AND b.channel_id IS NULL
ORDER BY left_usd LIMIT 1
"""


async def require_within_budget(reader: Reader, run: RunContext, wanted_usd: float) -> None:
    """`wanted_usd`: what the trial has cost so far and what its next call may cost."""
    rows = await reader.fetch(LEFT, run.agent.id, run.channel_id)
    if rows and rows[0]["left_usd"] < wanted_usd:
        whose, daily, left = rows[0]
        raise Exceeded(f"{whose} budget for today, ${daily:,.2f}, has ${max(left, 0):,.2f} left")
