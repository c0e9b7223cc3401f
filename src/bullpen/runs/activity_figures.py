"""Sums of the runs that the actor may see, by day and by agent, model or channel, for plots."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from bullpen.kit.database import Reader
from bullpen.members.actor import Actor
from bullpen.members.permissions import Permission, require
from bullpen.runs.activity import CONDITIONS, MINE, SEEN, ActivityFilter, narrowed

By = Literal["all", "agent", "model", "channel"]
KEYS: dict[By, str] = {
    "all": "''",
    "agent": "r.agent_id",
    "model": "COALESCE(r.model_id, '')",
    "channel": "COALESCE(r.channel_id, '')",
}
# The cost stands in the row itself: no other table has to be read for it.
LEAST_USD = "r.cost_usd > 0 AND r.cost_usd >= {}::float8"
# One pass over short rows. Each step sends again what the steps before it sent: of a run, its
# longest request counts once.
FIGURES = f"""
WITH {MINE}
SELECT (r.created_at AT TIME ZONE 'UTC')::date AS day, {{key}} AS key, count(*),
       count(*) FILTER (WHERE r.status = 'failed'), count(*) FILTER (WHERE r.status = 'cancelled'),
       COALESCE(sum(r.input_tokens), 0)::bigint, COALESCE(sum(r.longest_request), 0)::bigint,
       COALESCE(sum(r.output_tokens), 0)::bigint, COALESCE(sum(r.cost_usd), 0)::float8,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY r.seconds) FILTER (WHERE r.status = 'completed')
FROM (SELECT f.run_id AS id, f.* FROM run_figures f) r WHERE {SEEN} {{where}}
GROUP BY 1, 2 ORDER BY 1, 2
"""


class ActivityFigures(Struct, rename="camel"):
    """What the runs of one day, and of one agent, model or channel, add up to."""

    day: Annotated[date, Meta(description="The day (UTC) on which the runs were created.")]
    key: Annotated[
        str,
        Meta(description="Id of the agent, model or channel; empty for all, and for none."),
    ]
    runs: Annotated[int, Meta(description="Number of runs.")]
    failed: Annotated[int, Meta(description="How many of them failed.")]
    canceled: Annotated[int, Meta(description="How many of them were canceled.")]
    input_tokens: Annotated[int, Meta(description="Tokens sent to models.")]
    unique_tokens: Annotated[
        int,
        Meta(description="Tokens sent, without those that later steps of a run sent again."),
    ]
    output_tokens: Annotated[int, Meta(description="Tokens that models returned.")]
    cost_usd: Annotated[float, Meta(description="Their cost in US dollars, as far as known.")]
    median_seconds: Annotated[
        float | None, Meta(description="Median duration of completed runs, if there are any.")
    ]


async def activity_figures(
    reader: Reader, actor: Actor, wanted: ActivityFilter, by: By
) -> list[ActivityFigures]:
    require(actor, Permission.READ_AGENTS)
    values: list[object] = [actor.user_id]
    where = narrowed(wanted, values, CONDITIONS | {"least_usd": LEAST_USD})
    rows = await reader.fetch(FIGURES.format(where=where, key=KEYS[by]), *values)
    return [ActivityFigures(*row) for row in rows]
