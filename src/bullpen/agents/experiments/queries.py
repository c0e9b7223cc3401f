"""Reads of experiments. One is there for who made it, as long as they may read what it repeats."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec import Meta, Struct

from bullpen.kit.database import Reader
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.kit.json_types import AgentId, CreatedAt, Time
from bullpen.members.access import ACTIVE, is_guest, readable
from bullpen.members.actor import Actor
from bullpen.runs.queries import TokenUsage
from bullpen.runs.values import RunStatus

# Of an experiment `e`.
VISIBLE = f"""(e.created_by = $1 AND {ACTIVE} AND NOT {is_guest()} AND (
    e.channel_id IS NULL OR EXISTS (
        SELECT FROM channels c WHERE c.id = e.channel_id AND {readable("c")}
    )
))"""
EXPERIMENTS = f"""
SELECT e.id, e.kind, e.run_id, e.agent_id, e.channel_id, e.moment, e.created_at
FROM experiments e
WHERE {VISIBLE} AND ($2::uuid IS NULL OR e.id = $2) AND ($3::uuid IS NULL OR e.run_id = $3)
  AND ($4::text IS NULL OR e.agent_id = $4)
ORDER BY e.created_at DESC, e.id DESC LIMIT 50
"""
TRIALS = """
SELECT t.id, t.experiment_id, t.variant, t.model_id, t.persona, t.prompt, t.question, t.status,
       t.stop_reason, t.problem, t.sent::text AS sent, t.steps::text AS steps, t.input_tokens,
       t.output_tokens, t.cost_usd, t.started_at, t.completed_at, t.posted_id
FROM experiment_trials t WHERE t.experiment_id = ANY ($1) ORDER BY t.experiment_id, t.place
"""


class TrialCall(Struct, rename="camel"):
    """A tool call of a trial."""

    tool_name: Annotated[str, Meta(description="The tool that was called.")]
    input: Annotated[Any, Meta(description="Its arguments: any JSON that the model wrote.")]
    answer: Annotated[str, Meta(description="The tool's answer to the model.")]
    is_carried_out: Annotated[
        bool, Meta(description="False for tools that write: the call was recorded only.")
    ]


class TrialStep(Struct, rename="camel"):
    """One call of the model in a trial."""

    model_id: Annotated[str, Meta(description="The model that answered.")]
    said: Annotated[list[str], Meta(description="What it wrote beside its calls.")]
    calls: Annotated[list[TrialCall], Meta(description="The tools that it called, in order.")]


class Trial(Struct, rename="camel"):
    """One try of an experiment."""

    id: Annotated[UUID, Meta(description="Id of the trial.")]
    variant: Annotated[int, Meta(description="Which variant it tries; 0 is the first.")]
    model_id: Annotated[str | None, Meta(description="The model that was asked for, if any.")]
    persona: Annotated[str | None, Meta(description="The persona it tries, if another one.")]
    prompt: Annotated[str | None, Meta(description="The prompt it tries, if another one.")]
    question: Annotated[str | None, Meta(description="The question of a probe.")]
    status: Annotated[RunStatus, Meta(description="Where the trial is in its life.")]
    stop_reason: Annotated[str | None, Meta(description="Why it ended, such as `end_turn`.")]
    problem: Annotated[str | None, Meta(description="What went wrong, in a sentence.")]
    answers: Annotated[
        list[str], Meta(description="What it would have said in the run's conversation.")
    ]
    sent: Annotated[
        dict[str, str], Meta(description="The `instructions` and the `prompt` that were sent.")
    ]
    steps: Annotated[list[TrialStep], Meta(description="Its steps, first to last.")]
    token_usage: Annotated[TokenUsage, Meta(description="The tokens that it used.")]
    cost_usd: Annotated[float, Meta(description="Its cost in US dollars.")]
    started_at: Annotated[Time | None, Meta(description="When it began; null before.")]
    completed_at: Annotated[Time | None, Meta(description="When it ended; null before.")]
    posted_message_id: Annotated[
        UUID | None, Meta(description="The message as which its answer was posted, if it was.")
    ]


class Experiment(Struct, rename="camel"):
    """Runs that are tried without effect."""

    id: Annotated[UUID, Meta(description="Id of the experiment.")]
    kind: Annotated[
        Literal["dry_run", "probe"], Meta(description="A run tried again, or questions.")
    ]
    run_id: Annotated[UUID | None, Meta(description="Id of the run that it tries again.")]
    agent_id: AgentId
    channel_id: Annotated[str | None, Meta(description="Id of the channel it takes place in.")]
    moment: Annotated[
        Literal["then", "now"], Meta(description="The prompt as it was, or as it is now.")
    ]
    created_at: CreatedAt
    trials: Annotated[list[Trial], Meta(description="Its trials, in order.")] = []


def answers_of(steps: str | None) -> list[str]:
    """What was said where the run was asked: without another address."""
    calls = [call for step in stepped(steps) for call in step.calls]
    return [
        str(call.input["text"])
        for call in calls
        if call.tool_name == "send_message"
        and isinstance(call.input, dict)
        and isinstance(call.input.get("text"), str)
        and not call.answer.startswith("Error: ")
        and not any(call.input.get(name) for name in ("channel", "to", "thread"))
    ]


def stepped(steps: str | None) -> list[TrialStep]:
    return [] if steps is None else msgspec.json.decode(steps, type=list[TrialStep])


def trial(row: Record) -> Trial:
    return Trial(
        row["id"],
        row["variant"],
        row["model_id"],
        row["persona"],
        row["prompt"],
        row["question"],
        row["status"],
        row["stop_reason"],
        row["problem"],
        answers_of(row["steps"]),
        {} if row["sent"] is None else msgspec.json.decode(row["sent"]),
        stepped(row["steps"]),
        TokenUsage(row["input_tokens"], row["output_tokens"]),
        row["cost_usd"],
        row["started_at"],
        row["completed_at"],
        row["posted_id"],
    )


async def list_experiments(
    reader: Reader,
    actor: Actor,
    *,
    experiment_id: UUID | None = None,
    run_id: UUID | None = None,
    agent_id: str | None = None,
) -> list[Experiment]:
    """The newest 50, newest first."""
    rows = await reader.fetch(EXPERIMENTS, actor.user_id, experiment_id, run_id, agent_id)
    found = {row["id"]: Experiment(**dict(row), trials=[]) for row in rows}
    for row in await reader.fetch(TRIALS, list(found)):
        found[row["experiment_id"]].trials.append(trial(row))
    return list(found.values())


async def get_experiment(reader: Reader, actor: Actor, experiment_id: UUID) -> Experiment:
    found = await list_experiments(reader, actor, experiment_id=experiment_id)
    if not found:
        raise NotFound(ErrorCode.EXPERIMENT_NOT_FOUND)
    return found[0]
