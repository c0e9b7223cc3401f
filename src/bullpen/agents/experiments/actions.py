"""Making experiments, ending them, and posting what one of their trials would have said."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import msgspec
from asyncpg import Connection

from bullpen.agents.experiments.queries import VISIBLE, answers_of, get_experiment
from bullpen.chat.send import REPEATED, NewMessage, refused, send_in_transaction
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict, Forbidden, NotFound
from bullpen.members.actor import Actor
from bullpen.members.archive import require_open
from bullpen.members.conditions import require_for
from bullpen.members.permissions import Permission, require
from bullpen.members.queries import get_agent, get_channel
from bullpen.runs.queries import get_run
from bullpen.runs.trace_privacy import HIDDEN_FROM

# Of one person, that wait or are under way.
MOST_OPEN = 100
# Posted once, however often somebody asks for it.
POSTED = UUID("6c0f6c3e-4b52-4c1e-9a54-0d1f9e7a2b77")
INSERT = """
INSERT INTO experiments (kind, run_id, agent_id, channel_id, moment, created_by)
VALUES ($1, $2, $3, $4, $5, $6) RETURNING id
"""
INSERT_TRIALS = """
INSERT INTO experiment_trials (experiment_id, place, variant, model_id, persona, prompt, question)
SELECT $1, place, variant, model_id, persona, prompt, question
FROM jsonb_to_recordset($2::text::jsonb) trial (
    place int, variant int, model_id text, persona text, prompt text, question text
)
"""
OPEN = """
SELECT count(*) FROM experiment_trials t JOIN experiments e ON e.id = t.experiment_id
WHERE e.created_by = $1 AND t.status IN ('created', 'running')
"""
IS_HIDDEN = f"SELECT {HIDDEN_FROM} IS NOT NULL FROM runs r WHERE r.id = $2 AND $1 = $1::text"
CANCEL = f"""
UPDATE experiment_trials t
SET status = 'cancelled', stop_reason = 'cancelled', worker = NULL, lease_until = NULL,
    completed_at = clock_timestamp()
FROM experiments e
WHERE e.id = t.experiment_id AND e.id = $2 AND {VISIBLE} AND t.status IN ('created', 'running')
"""
DELETE = f"DELETE FROM experiments e WHERE e.id = $2 AND {VISIBLE} RETURNING 1"
TRIAL = f"""
SELECT e.agent_id, e.channel_id, e.kind, t.status, t.steps::text AS steps, a.is_active,
       COALESCE(d.thread_id, (
           SELECT parent_message_id FROM messages WHERE id = r.trigger_message_id
       )) AS thread_id
FROM experiment_trials t JOIN experiments e ON e.id = t.experiment_id
JOIN agents a ON a.id = e.agent_id
LEFT JOIN runs r ON r.id = e.run_id LEFT JOIN run_details d ON d.run_id = e.run_id
WHERE t.id = $3 AND e.id = $2 AND {VISIBLE}
FOR NO KEY UPDATE OF t
"""
MARK_POSTED = "UPDATE experiment_trials SET posted_id = $2 WHERE id = $1"


class Variant(NamedTuple):
    """What differs from the run, or from how the agent is set up; None: nothing."""

    model_id: str | None = None
    persona: str | None = None
    prompt: str | None = None


class Plan(NamedTuple):
    """Each variant is tried `times` times, for each question of a probe."""

    variants: Sequence[Variant]
    times: int
    moment: str = "now"
    questions: Sequence[str | None] = (None,)


async def try_again(connection: Connection, actor: Actor, run_id: UUID, plan: Plan) -> UUID:
    """Without effect: no row outside of the experiment's own tables changes."""
    run = await get_run(connection, actor, run_id)
    require(actor, Permission.READ_AGENTS)
    if await connection.fetchval(IS_HIDDEN, actor.user_id, run_id):
        raise Forbidden(
            ErrorCode.NOT_PERMITTED,
            "This run knows of a channel that you cannot read, so you cannot try it again.",
        )
    await require_trying(connection, actor, plan, run.channel_id, run.agent_id)
    values = ("dry_run", run_id, run.agent_id, run.channel_id, plan.moment, actor.user_id)
    return await insert(connection, values, plan)


async def ask(
    connection: Connection, actor: Actor, agent_id: str, channel_id: str | None, plan: Plan
) -> UUID:
    """Puts questions to an agent, in a channel or outside of all, without disturbing it."""
    await get_agent(connection, actor, agent_id)
    if channel_id is not None:
        await get_channel(connection, actor, channel_id)
        # What the agent reads there is the channel's.
        await get_channel(connection, Actor(agent_id), channel_id)
    await require_trying(connection, actor, plan, channel_id, agent_id)
    values = ("probe", None, agent_id, channel_id, "now", actor.user_id)
    return await insert(connection, values, plan)


async def require_trying(
    connection: Connection, actor: Actor, plan: Plan, channel_id: str | None, agent_id: str
) -> None:
    # Another model costs something else.
    other_model = any(variant.model_id is not None for variant in plan.variants)
    permission = Permission.EDIT_AGENT if other_model else Permission.REPEAT_RUN
    await require_for(connection, actor, permission, channel_id=channel_id, agent_id=agent_id)


async def insert(connection: Connection, values: Sequence[object], plan: Plan) -> UUID:
    trials: list[Mapping[str, Any]] = [
        {"variant": number, "question": question, **variant._asdict()}
        for question in plan.questions
        for number, variant in enumerate(plan.variants)
        for _ in range(plan.times)
    ]
    open_ones: int = await connection.fetchval(OPEN, values[-1])
    if open_ones + len(trials) > MOST_OPEN:
        raise Conflict(
            ErrorCode.TOO_MANY_TRIALS,
            f"{open_ones} of your trials have not ended yet, and {MOST_OPEN} are the most at once."
            " Wait for them, or cancel some.",
        )
    experiment_id: UUID = await connection.fetchval(INSERT, *values)
    rows = [{"place": place, **trial} for place, trial in enumerate(trials)]
    await connection.execute(INSERT_TRIALS, experiment_id, msgspec.json.encode(rows).decode())
    return experiment_id


async def cancel(connection: Connection, actor: Actor, experiment_id: UUID) -> None:
    await get_experiment(connection, actor, experiment_id)
    await connection.execute(CANCEL, actor.user_id, experiment_id)


async def delete(connection: Connection, actor: Actor, experiment_id: UUID) -> None:
    if await connection.fetchval(DELETE, actor.user_id, experiment_id) is None:
        raise NotFound(ErrorCode.EXPERIMENT_NOT_FOUND)


async def post(connection: Connection, actor: Actor, experiment_id: UUID, trial_id: UUID) -> UUID:
    """What the trial said where the run was asked, as a message of its agent. It asks nobody."""
    row = await connection.fetchrow(TRIAL, actor.user_id, experiment_id, trial_id)
    if row is None:
        raise NotFound(ErrorCode.EXPERIMENT_NOT_FOUND)
    await require_for(
        connection,
        actor,
        Permission.REPEAT_RUN,
        channel_id=row["channel_id"],
        agent_id=row["agent_id"],
    )
    said = answers_of(row["steps"])
    if row["kind"] != "dry_run" or row["channel_id"] is None or not said:
        raise Conflict(
            ErrorCode.NOTHING_TO_POST,
            "This trial has said nothing in the conversation of the run, so there is nothing to"
            " post.",
        )
    if not row["is_active"]:
        raise Conflict(
            ErrorCode.AGENT_INACTIVE, f"'{row['agent_id']}' is inactive. Activate it first."
        )
    await require_open(connection, row["channel_id"])
    message_id = uuid5(POSTED, str(trial_id))
    draft = NewMessage(
        message_id, row["channel_id"], row["thread_id"], row["agent_id"], "\n\n".join(said)
    )
    refusal = await send_in_transaction(connection, draft, run_id=None, asks=False)
    if refusal is not None and refusal != REPEATED:
        raise refused(refusal)
    await connection.execute(MARK_POSTED, trial_id, message_id)
    return message_id
