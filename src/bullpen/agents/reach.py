"""Which agents a message in a channel can reach, and what an answer of each is likely to cost."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct, json

from bullpen.agents.limits import costs_nothing
from bullpen.agents.model_settings import ModelSettings
from bullpen.agents.prices import price_of
from bullpen.agents.providers import resolve_model
from bullpen.kit.database import Reader
from bullpen.kit.json_types import AgentId
from bullpen.members.actor import Actor
from bullpen.members.permissions import Permission, require
from bullpen.members.policy_names import PolicyName
from bullpen.members.queries import get_channel

# What two requests hold, the second of which ends the turn, where there is no run to go by.
USUAL_INPUT, USUAL_OUTPUT = 6_000, 300
# `costs`: by model, what the agent's newest answers in this channel have cost on average.
REACHED = """
SELECT a.id, COALESCE(
           p.policy, CASE WHEN c.kind <> 'dm' THEN answering.policy END, 'all'
       ) AS policy, a.model_id, COALESCE((
           SELECT json_object_agg(model_id, cost) FROM (
               SELECT step.model_id, avg(d.cost_usd) AS cost
               FROM (
                   SELECT id, channel_id, status FROM runs WHERE agent_id = a.id
                   ORDER BY created_at DESC, id DESC LIMIT 50
               ) r
               JOIN run_details d ON d.run_id = r.id
               JOIN run_steps step ON step.run_id = r.id AND step.step_number = 1
               WHERE r.channel_id = c.id AND r.status = 'completed' AND d.cost_usd > 0
               GROUP BY step.model_id
           ) by_model
       ), '{}')::text AS costs
FROM channels c JOIN channel_members m ON m.channel_id = c.id
JOIN agents a ON a.id = m.user_id AND a.is_active
LEFT JOIN channel_answering answering ON answering.channel_id = c.id
LEFT JOIN channel_policies p ON p.channel_id = c.id AND p.agent_id = a.id
WHERE c.id = $1 ORDER BY m.id
"""


class ReachedAgent(Struct, rename="camel"):
    """An agent of a channel, and when it is asked to reply."""

    agent_id: AgentId
    policy: Annotated[PolicyName, Meta(description="Its own policy there, or the channel's.")]
    answers_by: Annotated[str, Meta(description="The model that would answer now.")]
    likely_usd: Annotated[
        float | None,
        Meta(
            description="What one answer is likely to cost in US dollars: the average of its newest"
            " answers there, or an estimate. Null if the model's price is not known."
        ),
    ]


async def reached_agents(
    reader: Reader, actor: Actor, channel_id: str, model_settings: ModelSettings
) -> list[ReachedAgent]:
    """In the order of joining."""
    await get_channel(reader, actor, channel_id)
    require(actor, Permission.READ_AGENTS)
    rows = await reader.fetch(REACHED, channel_id)
    models = [resolve_model(row["model_id"], model_settings).answers_by for row in rows]
    usual = await usual_costs(models)
    return [
        ReachedAgent(
            row["id"],
            row["policy"],
            model,
            json.decode(row["costs"], type=dict[str, float]).get(model, usual[model]),
        )
        for row, model in zip(rows, models, strict=True)
    ]


async def usual_costs(models: Sequence[str]) -> dict[str, float | None]:
    free: dict[str, float | None] = {model: 0.0 for model in models if costs_nothing(model)}
    priced = sorted(set(models) - free.keys())
    prices = await asyncio.to_thread(estimates, priced) if priced else []
    return free | dict(zip(priced, prices, strict=True))


def estimates(models: Sequence[str]) -> list[float | None]:
    return [price_of(model, USUAL_INPUT, USUAL_OUTPUT) for model in models]
