"""One run, from its claim to its end."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from bullpen.agents.answer_writer import AnswerWriter
from bullpen.agents.limits import RUN_SECONDS
from bullpen.agents.notices import give_notice
from bullpen.agents.prompt.build import Prompt
from bullpen.agents.recorder import ALLOW_MORE, BETTER_MODEL, RunRecorder, out_of_turns
from bullpen.agents.run_context import RunContext, read_run_context
from bullpen.agents.runtimes import failures
from bullpen.agents.runtimes.base import (
    OverBudget,
    RunRequest,
    RunResult,
    Runtime,
    StopRun,
)
from bullpen.agents.runtimes.pieces import Emit, emit_nothing
from bullpen.agents.tools.base import Tool
from bullpen.kit.database import Database
from bullpen.kit.errors import DatabaseUnavailable, NotFound
from bullpen.members.actions import keep_session
from bullpen.runs.mailbox import (
    MOST_ATTEMPTS,
    Claim,
    fail_open_step,
    finish,
    finish_in,
    lock_claim,
)
from bullpen.runs.trace_privacy import has_reached
from bullpen.runs.values import Ended, StopReason

log = logging.getLogger(__name__)


class Responder(Protocol):
    """Answers a run: its prompt, its tools, and the runtime that plays it."""

    @property
    def tools(self) -> Sequence[Tool[Any]]: ...

    async def runtime_for(self, model_id: str) -> tuple[Runtime, str]: ...

    async def build_prompt(self, database: Database, run: RunContext, now: datetime) -> Prompt: ...


async def execute_run(
    database: Database, responder: Responder, claim: Claim, now: Callable[[], datetime]
) -> None:
    run = await read_run_context(database, claim.run_id)
    if run is None:
        return
    writer = AnswerWriter(database, claim)
    try:
        result, problem = await run_model(database, responder, claim, run, now(), writer)
    except BaseException:
        await writer.end()
        raise
    # Its end takes along what is still shown.
    await writer.settle()
    await finish_run(database, claim, run, result, problem)


async def run_model(
    database: Database,
    responder: Responder,
    claim: Claim,
    run: RunContext,
    now: datetime,
    writer: AnswerWriter,
) -> tuple[RunResult, str | None]:
    """How it ended, and what people should know of it."""
    if claim.attempt - run.times_paused > MOST_ATTEMPTS:
        return RunResult("error"), (
            f"The worker stopped {MOST_ATTEMPTS} times during this answer. Ask again; if it happens"
            " again, check the memory of the worker's machine."
        )
    if run.kind == "message" and not run.trigger_ids:
        # What it was to answer has been deleted.
        return RunResult("cancelled"), None
    recorder = RunRecorder(database, claim, run, responder.tools, now, settle=writer.settle)
    try:
        prompt = await responder.build_prompt(database, run, now)
        await recorder.introduce(prompt.instructions, prompt.user, prompt.sources, prompt.withheld)
        runtime, model_id = await responder.runtime_for(run.model_id)
        request = request_of(run, prompt, model_id, responder.tools, writer.take)
        async with asyncio.timeout(RUN_SECONDS):
            result = await runtime.run(request, recorder)
    except OverBudget as stop:
        return RunResult(stop.reason, is_over_budget=True), stop.problem
    except StopRun as stop:
        return RunResult(stop.reason), stop.problem or recorder.problem
    except DatabaseUnavailable:
        raise
    except NotFound:
        # Its channel is gone, or not the agent's to read any more.
        return RunResult("cancelled"), None
    except TimeoutError:
        return RunResult("error"), (
            f"The answer took longer than {RUN_SECONDS:.0f} seconds. Ask again, or ask for less."
        )
    except Exception as problem:
        log.exception("run %s failed", claim.run_id)
        return RunResult("error"), (
            f"Something is wrong in Bullpen itself ({type(problem).__name__}). Ask again, and"
            " report it if it happens again."
        )
    if result.stop_reason == "end_turn":
        return result, result.error
    return result, result.error or recorder.problem or unexplained(result, run)


def request_of(
    run: RunContext,
    prompt: Prompt,
    model_id: str,
    tools: Sequence[Tool[Any]],
    emit: Emit = emit_nothing,
) -> RunRequest:
    """What is left for the run to do: one that was interrupted goes on."""
    return RunRequest(
        run_id=run.run_id,
        agent_id=run.agent.id,
        model_id=model_id,
        instructions=prompt.instructions,
        prompt=prompt.user,
        tools=tools,
        max_turns=max(run.agent.max_turns - run.turns, 1),
        max_budget_usd=max(run.agent.max_budget_usd - run.cost_usd, 0.0),
        history=run.history,
        # A session carries what one run read into the next.
        session_id=run.agent.session_id if run.is_public else None,
        seed=run.run_id.int & 0x7FFFFFFF,
        script=prompt.script,
        emit=emit,
        pictures=prompt.pictures,
    )


def unexplained(result: RunResult, run: RunContext) -> str | None:
    """Of a runtime that ends without words, where a person needs some."""
    match result.stop_reason:
        case "max_steps":
            return out_of_turns(run.agent.max_turns)
        case "invalid_tool_call":
            return f"The model called its tools in ways that do not fit. {BETTER_MODEL}"
        case "max_tokens_exceeded":
            return f"The limit of one answer is used up. {ALLOW_MORE}"
        case "no_tool_call":
            return failures.NO_CALL
        case "error":
            return "The model ended with an error that it did not explain. Ask again."
    return None


async def finish_run(
    database: Database, claim: Claim, run: RunContext, result: RunResult, problem: str | None
) -> None:
    ended, reason = ended_as(result.stop_reason), result.stop_reason
    session_id = None
    if run.is_public and result.session_id != run.agent.session_id:
        session_id = result.session_id
    if problem is None and session_id is None:
        await finish(database, claim, ended, reason)
        return
    async with database.transaction() as connection:
        if not await lock_claim(connection, claim):
            return
        await fail_open_step(connection, claim)
        # Not the session of a run that has been to a private place.
        if session_id is not None and not await has_reached(connection, run.run_id):
            await keep_session(connection, run.agent.id, session_id)
        if problem is not None:
            await give_notice(connection, run, result, problem)
        await finish_in(connection, claim, ended, reason, problem)


def ended_as(reason: StopReason) -> Ended:
    if reason in ("error", "invalid_tool_call"):
        return "failed"
    return "cancelled" if reason == "cancelled" else "completed"
