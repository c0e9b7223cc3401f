"""One run, from its claim to its end."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bullpen.agents.limits import RUN_SECONDS
from bullpen.agents.notices import give_notice
from bullpen.agents.recorder import BETTER_MODEL, RunRecorder, out_of_turns
from bullpen.agents.runtime import OverBudget, Result, Runtime, Spec, Stop, StopReason, Tool
from bullpen.agents.work import Work, read_work
from bullpen.kit.database import Database
from bullpen.kit.errors import DatabaseUnavailable, NotFound
from bullpen.runs.mailbox import (
    MOST_ATTEMPTS,
    Claim,
    Ended,
    fail_open_step,
    hold,
    settle,
    settle_in,
)

log = logging.getLogger(__name__)

# Not one that has been to a private place.
KEEP_SESSION = """
UPDATE agents SET session_id = $2
WHERE id = $1 AND NOT EXISTS (SELECT FROM run_reaches WHERE run_id = $3)
"""


@dataclass(frozen=True, slots=True)
class Briefing:
    """What the model is told, and what a script answers from instead."""

    instructions: str
    prompt: str
    script: Any = None
    # Private places whose notes are in the prompt, and those whose notes were withheld from it.
    sources: Sequence[str] = ()
    withheld: Sequence[str] = ()


class Mind(Protocol):
    """Everything about answering that is not about the mailbox."""

    @property
    def tools(self) -> Sequence[Tool[Any]]: ...

    def runtime_for(self, model_id: str) -> tuple[Runtime, str]: ...

    async def brief(self, database: Database, work: Work, now: datetime) -> Briefing: ...


async def perform(
    database: Database, mind: Mind, claim: Claim, now: Callable[[], datetime]
) -> None:
    work = await read_work(database, claim.run_id)
    if work is None:
        return
    result, problem = await answer(database, mind, claim, work, now())
    await end(database, claim, work, result, problem)


async def answer(
    database: Database, mind: Mind, claim: Claim, work: Work, now: datetime
) -> tuple[Result, str | None]:
    """How it ended, and what people should know of it."""
    if claim.attempt > MOST_ATTEMPTS:
        return Result("error"), (
            f"the worker that ran me stopped {MOST_ATTEMPTS} times during this answer; ask me"
            " again, and look at the memory of its machine if it stays"
        )
    if work.kind == "message" and not work.trigger_ids:
        # What it was to answer has been deleted.
        return Result("cancelled"), None
    recorder = RunRecorder(database, claim, work, mind.tools, now)
    try:
        briefing = await mind.brief(database, work, now)
        await recorder.introduce(
            briefing.instructions, briefing.prompt, briefing.sources, briefing.withheld
        )
        runtime, model_id = mind.runtime_for(work.model_id)
        spec = Spec(
            run_id=work.run_id,
            agent_id=work.agent.id,
            model_id=model_id,
            instructions=briefing.instructions,
            prompt=briefing.prompt,
            tools=mind.tools,
            max_turns=max(work.agent.max_turns - work.turns, 1),
            max_budget_usd=max(work.agent.max_budget_usd - work.cost_usd, 0.0),
            history=work.history,
            # A session carries what one run read into the next.
            session_id=work.agent.session_id if work.is_public else None,
            seed=work.run_id.int & 0x7FFFFFFF,
            script=briefing.script,
        )
        async with asyncio.timeout(RUN_SECONDS):
            result = await runtime.run(spec, recorder)
    except OverBudget as stop:
        return Result(stop.reason, is_over_budget=True), stop.problem
    except Stop as stop:
        return Result(stop.reason), stop.problem or recorder.problem
    except DatabaseUnavailable:
        raise
    except NotFound:
        # Its channel is gone, or not the agent's to read any more.
        return Result("cancelled"), None
    except TimeoutError:
        return Result("error"), f"I took longer than {RUN_SECONDS:.0f} seconds; ask me again"
    except Exception as problem:
        log.exception("run %s failed", claim.run_id)
        return Result("error"), (
            f"something is wrong in Bullpen itself ({type(problem).__name__}); ask me again, and"
            " report it if it stays"
        )
    if result.stop_reason == "end_turn":
        return result, result.error
    return result, result.error or recorder.problem or unexplained(result, work)


def unexplained(result: Result, work: Work) -> str | None:
    """Of a runtime that ends without words, where a person needs some."""
    match result.stop_reason:
        case "max_steps":
            return out_of_turns(work.agent.max_turns)
        case "invalid_tool_call":
            return f"my model called its tools in ways that do not fit. {BETTER_MODEL}"
        case "max_tokens_exceeded":
            return "what this answer may use is used up; my profile can allow it more"
        case "no_tool_call":
            return "my model wrote text and called no tool, so nothing was sent"
        case "error":
            return "my model ended with an error that it did not explain; ask me again"
    return None


async def end(
    database: Database, claim: Claim, work: Work, result: Result, problem: str | None
) -> None:
    ended, reason = ended_as(result.stop_reason), result.stop_reason
    session_id = None
    if work.is_public and result.session_id != work.agent.session_id:
        session_id = result.session_id
    if problem is None and session_id is None:
        await settle(database, claim, ended, reason)
        return
    async with database.transaction() as connection:
        if not await hold(connection, claim):
            return
        await fail_open_step(connection, claim)
        if session_id is not None:
            await connection.execute(KEEP_SESSION, work.agent.id, session_id, work.run_id)
        if problem is not None:
            await give_notice(connection, work, result, problem)
        await settle_in(connection, claim, ended, reason, problem)


def ended_as(reason: StopReason) -> Ended:
    if reason in ("error", "invalid_tool_call"):
        return "failed"
    return "cancelled" if reason == "cancelled" else "completed"
