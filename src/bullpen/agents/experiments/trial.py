"""One trial, from its claim to its end: the run's own path, with a recorder that records only."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from bullpen.agents import prompt_escaping
from bullpen.agents.experiments.recorder import DryRecorder
from bullpen.agents.limits import RUN_SECONDS
from bullpen.agents.prompt.build import Prompt
from bullpen.agents.run_context import RunContext
from bullpen.agents.runner import Responder, ended_as, request_of
from bullpen.agents.runtimes.base import RunResult, StopRun
from bullpen.agents.tools.validation import stored_text
from bullpen.kit.database import Database
from bullpen.kit.errors import DatabaseUnavailable, NotFound
from bullpen.members.queries import Agent

log = logging.getLogger(__name__)

# A trial whose worker died is tried once more.
MOST_ATTEMPTS = 2
LEASE_SECONDS = int(RUN_SECONDS) + 60
CLAIM = f"""
UPDATE experiment_trials SET status = 'running', worker = $1, attempt = attempt + 1,
       lease_until = now() + interval '{LEASE_SECONDS} seconds', started_at = clock_timestamp()
WHERE id IN (
    SELECT id FROM experiment_trials
    WHERE status = 'created' OR status = 'running' AND lease_until < now()
    ORDER BY created_at, place LIMIT $2 FOR UPDATE SKIP LOCKED
) RETURNING id
"""
RELEASE = """
UPDATE experiment_trials SET status = 'created', worker = NULL, lease_until = NULL
WHERE worker = $1 AND status = 'running'
"""
# What it is about; the run may have come with a pack, and a probe has none.
READ = """
SELECT t.attempt, t.model_id, t.persona, t.prompt, t.question, e.moment, e.channel_id, e.run_id,
       r.trigger_message_id, r.created_at AS run_created_at, d.kind,
       COALESCE(d.thread_id, (
           SELECT parent_message_id FROM messages WHERE id = r.trigger_message_id
       )) AS thread_id,
       d.prompt AS planned, d.depth, d.started_by, d.model_id AS run_model_id,
       c.kind AS channel_kind, a.id AS agent_id, a.display_name, a.title, a.avatar_color,
       a.system_prompt, a.model_id AS agent_model_id, a.max_turns, a.max_budget_usd, a.is_active,
       a.created_at AS agent_created_at, a.updated_at AS agent_updated_at,
       ARRAY(
           SELECT m.id FROM messages m WHERE m.id = r.trigger_message_id OR m.id IN (
               SELECT message_id FROM run_triggers WHERE run_id = r.id
           ) ORDER BY m.created_at, m.id
       ) AS trigger_ids,
       (
           SELECT json_object_agg(m.message_type, m.content)::text FROM run_messages m
           WHERE m.run_id = r.id AND m.step_id IS NULL
       ) AS given
FROM experiment_trials t JOIN experiments e ON e.id = t.experiment_id
JOIN agents a ON a.id = e.agent_id
LEFT JOIN runs r ON r.id = e.run_id
LEFT JOIN run_details d ON d.run_id = r.id
LEFT JOIN channels c ON c.id = e.channel_id
WHERE t.id = $1 AND t.worker = $2 AND t.status = 'running'
"""
# Not of one that was canceled meanwhile, or that is gone.
FINISH = """
UPDATE experiment_trials SET status = $3, stop_reason = $4, problem = $5,
       sent = $6::text::jsonb, steps = $7::text::jsonb, input_tokens = $8, output_tokens = $9,
       cost_usd = $10, completed_at = clock_timestamp(), worker = NULL, lease_until = NULL
WHERE id = $1 AND worker = $2 AND status = 'running'
"""
NO_PROMPT = "This run has kept no prompt. Try it as of now."
GONE = "What the run answered is gone, or the agent cannot read the channel any more."
# Where the rules of the chat begin, behind the persona.
RULES_BEGIN = "\n\nYou are {name} (id {id}), one of the members of a team chat."
QUESTION = """\
Answer this question. It is put to you outside of the chat, and only who asked reads the answer:
{question}

Answer it with one call of send_message without an address.\
"""


@dataclass(frozen=True, slots=True)
class Trial:
    run: RunContext
    attempt: int
    moment: str
    persona: str | None
    prompt: str | None
    question: str | None
    # What the run was given, by the kind of message.
    given: dict[str, str]


async def execute_trial(
    database: Database,
    responder: Responder,
    trial_id: UUID,
    worker: str,
    now: Callable[[], datetime],
) -> None:
    trial = await read_trial(database, trial_id, worker)
    if trial is None:
        return
    recorder = DryRecorder.of(database, trial.run, responder.tools, now())
    sent: dict[str, str] = {}
    result, problem = await try_run(database, responder, trial, recorder, sent)
    found = problem or result.error or recorder.problem
    encode = msgspec.json.encode
    await database.write(
        FINISH,
        trial_id,
        worker,
        ended_as(result.stop_reason),
        result.stop_reason,
        None if found is None or result.stop_reason == "end_turn" else stored_text(found),
        encode({name: stored_text(text) for name, text in sent.items()}).decode(),
        encode(recorder.steps).decode(),
        recorder.input_tokens,
        recorder.output_tokens,
        recorder.cost_usd,
    )


async def try_run(
    database: Database,
    responder: Responder,
    trial: Trial,
    recorder: DryRecorder,
    sent: dict[str, str],
) -> tuple[RunResult, str | None]:
    """How it ended, and what went wrong. `sent` is called with what the model is given."""
    if trial.attempt > MOST_ATTEMPTS:
        return RunResult("error"), f"Its worker stopped {MOST_ATTEMPTS} times during this trial."
    run = trial.run
    try:
        prompt = await prompt_of(database, responder, trial, recorder.now)
        sent |= {"instructions": prompt.instructions, "prompt": prompt.user}
        runtime, model_id = await responder.runtime_for(run.model_id)
        request = request_of(run, prompt, model_id, responder.tools)
        async with asyncio.timeout(RUN_SECONDS):
            return await runtime.run(request, recorder), None
    except StopRun as stop:
        return RunResult(stop.reason), stop.problem
    except DatabaseUnavailable:
        raise
    except NotFound:
        return RunResult("error"), GONE
    except NoPrompt:
        return RunResult("error"), NO_PROMPT
    except TimeoutError:
        return RunResult("error"), f"It took longer than {RUN_SECONDS:.0f} seconds."
    except Exception as problem:
        log.exception("trial %s failed", run.run_id)
        return RunResult("error"), f"Something is wrong in Bullpen ({type(problem).__name__})."


class NoPrompt(Exception):
    pass


async def prompt_of(
    database: Database, responder: Responder, trial: Trial, now: datetime
) -> Prompt:
    built = None
    try:
        built = await responder.build_prompt(database, trial.run, now)
    except NotFound:
        if trial.moment == "now":
            raise
    if trial.moment == "now":
        assert built is not None
        if trial.question is not None:
            return with_question(built, trial.question)
        return built if trial.prompt is None else replace(built, user=trial.prompt)
    instructions = trial.given.get("system_message")
    user = trial.given.get("user_message")
    if instructions is None or user is None:
        raise NoPrompt
    return Prompt(
        with_persona(instructions, trial.run.agent, trial.persona),
        trial.prompt or user,
        # The script answers from what is there now.
        script=None if built is None else built.script,
        pictures=() if built is None else built.pictures,
    )


def with_persona(instructions: str, agent: Agent, persona: str | None) -> str:
    """`instructions` as they were, with another persona before the rules."""
    if persona is None:
        return instructions
    name = prompt_escaping.line(agent.display_name)
    at = instructions.find(RULES_BEGIN.format(name=name, id=agent.id))
    return f"{persona}{instructions[at:]}" if at >= 0 else f"{persona}\n\n{instructions}"


def with_question(prompt: Prompt, question: str) -> Prompt:
    """What the agent knows and sees, with a question for its task."""
    changing = [
        part.text for part in prompt.sections if part.name in ("time", "channel", "messages")
    ]
    asked = QUESTION.format(question=prompt_escaping.quoted(question))
    return replace(prompt, user="\n\n".join(part for part in (*changing, asked) if part))


async def read_trial(database: Database, trial_id: UUID, worker: str) -> Trial | None:
    rows = await database.fetch(READ, trial_id, worker)
    if not rows:
        return None
    row = rows[0]
    agent = Agent(
        row["agent_id"],
        row["display_name"],
        row["title"],
        row["avatar_color"],
        row["persona"] if row["persona"] is not None else row["system_prompt"],
        row["model_id"] or row["agent_model_id"],
        row["max_turns"],
        row["max_budget_usd"],
        # A session would remember the trial.
        None,
        row["is_active"],
        row["agent_created_at"],
        row["agent_updated_at"],
    )
    run = RunContext(
        run_id=trial_id,
        agent=agent,
        channel_id=row["channel_id"],
        channel_kind=row["channel_kind"],
        thread_id=row["thread_id"],
        trigger_message_id=row["trigger_message_id"],
        trigger_ids=row["trigger_ids"],
        kind=row["kind"] or "message",
        # A question for a script or a mind without sections: a plan of that text.
        prompt=row["question"] or row["planned"],
        depth=row["depth"] or 0,
        started_by=row["started_by"],
        model_id=row["model_id"] or row["run_model_id"] or agent.model_id,
        history=None,
        turns=0,
        tokens=0,
        cost_usd=0.0,
        secret=None,
        introduced=False,
        times_paused=0,
        created_at=row["run_created_at"] or row["agent_created_at"],
    )
    given: dict[str, Any] = {} if row["given"] is None else msgspec.json.decode(row["given"])
    return Trial(
        run, row["attempt"], row["moment"], row["persona"], row["prompt"], row["question"], given
    )
