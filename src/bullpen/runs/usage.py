"""What agents have used in a range of days: runs, model calls, tokens and cost."""

import datetime as dt
from typing import Annotated, Any, Literal

from asyncpg import Record
from msgspec import UNSET, Meta, Struct, UnsetType

from bullpen.kit.database import Reader
from bullpen.members.access import readable
from bullpen.members.actor import Actor
from bullpen.members.permissions import Permission, require

UsageKey = Literal["agent", "person", "model", "channel", "day"]

# Who may see usage does not see which private channels there are: those are one row.
READABLE = f"EXISTS (SELECT FROM channels c WHERE c.id = r.channel_id AND {readable('c')})"
KEYS: dict[UsageKey, str] = {
    "agent": "r.agent_id",
    "person": "(SELECT p.id FROM people p WHERE p.id = d.started_by)",
    "model": "s.model_id",
    "channel": f"CASE WHEN {READABLE} THEN r.channel_id END",
    "day": "to_char(r.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
}
# The daily budget that a row is measured by.
BUDGETS: dict[UsageKey, str] = {
    "agent": "b.agent_id = found.key",
    "channel": "b.channel_id = found.key",
    "day": "b.agent_id IS NULL AND b.channel_id IS NULL",
}
# A call that failed has cost what was reserved for it, as budgets count it.
USAGE = """
SELECT found.*, {budget}
FROM (
    SELECT {key} AS key, grouping({key}) = 1 AS is_total,
           count(DISTINCT r.id) AS runs, count(s.id) AS calls,
           COALESCE(sum((s.token_usage ->> 'input_tokens')::bigint), 0)::bigint AS input_tokens,
           COALESCE(sum((s.token_usage ->> 'output_tokens')::bigint), 0)::bigint AS output_tokens,
           COALESCE(sum(COALESCE(
               e.cost_usd, CASE WHEN s.status = 'failed' THEN e.reserved_usd END
           )), 0)::float8 AS cost_usd
    FROM runs r LEFT JOIN run_details d ON d.run_id = r.id
    LEFT JOIN run_steps s ON s.run_id = r.id LEFT JOIN step_details e ON e.step_id = s.id
    WHERE r.created_at >= $2::date::timestamp AT TIME ZONE 'UTC'
      AND r.created_at < ($3::date + 1)::timestamp AT TIME ZONE 'UTC'
      AND $1::text IS NOT NULL
    GROUP BY GROUPING SETS (({key}), ())
) found
ORDER BY is_total DESC, {order}
"""


class UsageRow(Struct, rename="camel"):
    """What was used by one agent, person, model or channel, or on one day."""

    key: Annotated[
        str | None,
        Meta(
            description="Id of the agent, person or channel, the model, or the day. Null for what"
            " belongs to none that the current user can see, such as private channels, or runs that"
            " no person started."
        ),
    ]
    runs: Annotated[int, Meta(description="Number of runs.")]
    calls: Annotated[int, Meta(description="Number of model calls.")]
    input_tokens: Annotated[int, Meta(description="Tokens sent to models.")]
    output_tokens: Annotated[int, Meta(description="Tokens that models answered with.")]
    cost_usd: Annotated[float, Meta(description="Cost in US dollars, as budgets count it.")]
    daily_usd: (
        Annotated[
            float, Meta(description="Daily budget of the agent, the channel or, for days, all.")
        ]
        | UnsetType
    ) = UNSET


class UsageShown(Struct, rename="camel"):
    """What agents have used in a range of days, by one property of their runs."""

    by: Annotated[UsageKey, Meta(description="What the rows are of.")]
    first_day: Annotated[dt.date, Meta(description="First day (UTC).")]
    last_day: Annotated[dt.date, Meta(description="Last day (UTC), which is included.")]
    total: Annotated[UsageRow, Meta(description="All runs together; its key is null.")]
    rows: Annotated[
        list[UsageRow], Meta(description="The most expensive first; days in their order.")
    ]


def statement(by: UsageKey) -> str:
    budget = "NULL::float8"
    if by in BUDGETS:
        budget = f"(SELECT b.daily_usd FROM budgets b WHERE {BUDGETS[by]} LIMIT 1)"
    order = "key" if by == "day" else "cost_usd DESC, input_tokens DESC, runs DESC, key"
    return USAGE.format(key=KEYS[by], budget=budget, order=order)


async def usage(
    reader: Reader, actor: Actor, by: UsageKey, first: dt.date, last: dt.date
) -> UsageShown:
    require(actor, Permission.READ_USAGE)
    found = await reader.fetch(statement(by), actor.user_id, first, last)
    # The first one is of all runs, also where there are none.
    total, *rows = map(usage_row, found)
    return UsageShown(by, first, last, total, rows)


def usage_row(row: Record) -> UsageRow:
    key, is_total, *figures, daily = row
    values: list[Any] = [key, *figures, UNSET if is_total or daily is None else daily]
    return UsageRow(*values)
