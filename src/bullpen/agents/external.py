"""Runs of external agents: given to a program that asks for them, and answered by it.

The same rules hold as for agents that a worker runs: the prompt is the same, an answer is a call of
`send_message` or `do_nothing` with their checks, and each run ends in `end_runs`.
"""

from datetime import datetime
from uuid import UUID

from asyncpg import Connection

from bullpen.agents.external_recorder import Answer, OneTransaction, Refused
from bullpen.agents.notices import give_notice
from bullpen.agents.prompt.build import Prompt, build_prompt
from bullpen.agents.prompt.conversation import MOST_FILES, Location, Trigger
from bullpen.agents.recorder import RunRecorder, out_of_turns
from bullpen.agents.run_context import RunContext, read_run_context
from bullpen.agents.runtimes.base import OverBudget, RunResult
from bullpen.agents.tools import TOOLS
from bullpen.agents.tools.validation import stored_text
from bullpen.files.pdf_texts import keep_texts_of
from bullpen.kit.database import Database, Reader
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict, NotFound
from bullpen.members.actor import Actor
from bullpen.runs import external_runs
from bullpen.runs.budgets import Exceeded, reserve
from bullpen.runs.mailbox import Claim, cancel, finish, finish_in, lock_claim

NOT_HELD = "This run is not claimed by your token, or the claim has run out. Claim it first."
BUSY = (
    "This run cannot begin now: the agent has another one under way, somebody is answering in the"
    " conversation, or agents are paused there. Try again in a moment."
)
DELETED = "The messages that this run was to answer have been deleted. The run has ended."
GAVE_UP = (
    "The program that answers for this agent took the run {times} times and never answered. Check"
    " that the program works, and ask again."
)


async def show_run(reader: Reader, run_id: UUID, now: datetime) -> tuple[RunContext, Prompt] | None:
    """What the run is about; None where it is gone."""
    run = await read_run_context(reader, run_id)
    return None if run is None else (run, await prompt_of(reader, run, now))


async def cancel_run(database: Database, run_id: UUID) -> None:
    async with database.transaction() as connection:
        await cancel(connection, [run_id])


async def prompt_of(reader: Reader, run: RunContext, now: datetime) -> Prompt:
    return await build_prompt(
        reader,
        run.agent,
        Location(run.channel_id, run.thread_id),
        Trigger(run.trigger_ids, run.prompt, run.depth),
        TOOLS,
        now,
    )


async def take_run(
    database: Database, run_id: UUID, worker: str, now: datetime
) -> tuple[Claim, RunContext, Prompt]:
    """Claims it, and records what its program is given, as the prompt of a resident agent is."""
    run = await read_run_context(database, run_id)
    if run is not None:
        # Before the time begins to run out that a claim holds for.
        actor = Actor(run.agent.id)
        await keep_texts_of(database, actor, run.trigger_ids, most=MOST_FILES)
    claim = await external_runs.claim_run(database, run_id, worker)
    if claim is None:
        raise Conflict(ErrorCode.RUN_BUSY, BUSY)
    run = await read_run_context(database, run_id)
    if run is None:
        raise NotFound(ErrorCode.RUN_NOT_FOUND)
    if run.kind == "message" and not run.trigger_ids:
        await finish(database, claim, "cancelled", "cancelled")
        raise Conflict(ErrorCode.NOTHING_TO_ANSWER, DELETED)
    try:
        prompt = await prompt_of(database, run, now)
    except NotFound:
        # Its channel is gone, or not the agent's to read any more.
        await finish(database, claim, "cancelled", "cancelled")
        raise
    if problem := await over_budget(database, run):
        stop = OverBudget(problem)
        await give_up(database, claim, run, RunResult(stop.reason, is_over_budget=True), problem)
        raise Conflict(ErrorCode.BUDGET_USED_UP, f"The run has ended. {problem}")
    recorder = RunRecorder(database, claim, run, TOOLS, now)
    await recorder.introduce(prompt.instructions, prompt.user, prompt.sources, prompt.withheld)
    return claim, run, prompt


async def over_budget(database: Database, run: RunContext) -> str | None:
    """What a program's model costs is known afterwards, so nothing stays reserved for it."""
    async with database.transaction() as connection:
        attempt = connection.transaction()
        await attempt.start()
        try:
            await reserve(connection, run.agent.id, run.channel_id, run.agent.max_budget_usd)
        except Exceeded as problem:
            return str(problem)
        finally:
            await attempt.rollback()
    return None


async def give_up(
    database: Database, claim: Claim, run: RunContext, result: RunResult, problem: str
) -> None:
    """Ends it with a notice in its conversation, where one is due."""
    ended = "completed" if result.is_over_budget else "failed"
    async with database.transaction() as connection:
        if await lock_claim(connection, claim):
            await give_notice(connection, run, result, problem)
            await finish_in(connection, claim, ended, result.stop_reason, problem)  # type: ignore[arg-type]


async def answer_run(
    database: Database, agent_id: str, run_id: UUID, worker: str, answer: Answer, now: datetime
) -> UUID | None:
    """Writes the message and ends the run, in one transaction. Answers the id of the message, None
    for silence; sent again, the one of the first time."""
    refusal: Refused | None = None
    async with database.transaction() as connection:
        claim = await hold(connection, run_id, worker)
        if claim is None:
            return await repeated(connection, agent_id, run_id)
        run = await read_run_context(connection, run_id)
        assert run is not None
        if run.turns >= run.agent.max_turns:
            # Refused so often that it is to end.
            problem = out_of_turns(run.agent.max_turns)
            await give_notice(connection, run, RunResult("max_steps"), problem)
            await finish_in(connection, claim, "completed", "max_steps", problem)
            refusal = Refused(problem)
        else:
            recorder = OneTransaction(database, connection, claim, run, now)
            await recorder.step(answer)
            try:
                message_id = await recorder.answer(answer)
            except Refused as why:
                refusal = why
            else:
                await finish_in(connection, claim, "completed", "end_turn", None)
                return message_id
    raise Conflict(ErrorCode.ANSWER_REFUSED, str(refusal))


async def hold(connection: Connection, run_id: UUID, worker: str) -> Claim | None:
    """Others that would end or answer it wait for the transaction. None: it is not held."""
    found = await external_runs.held_by(connection, run_id, worker)
    if found is None:
        # One that is being answered at this moment has ended when that is done.
        await connection.execute("SELECT FROM runs WHERE id = $1 FOR SHARE", run_id)
        return None
    return found[0] if await lock_claim(connection, found[0]) else None


async def repeated(reader: Reader, agent_id: str, run_id: UUID) -> UUID | None:
    """For a run that the program does not hold: it may have answered it already."""
    row = await external_runs.how_it_ended(reader, run_id)
    if row is None or row[0] != agent_id:
        raise NotFound(ErrorCode.RUN_NOT_FOUND)
    status: str = row[1]
    reason: str | None = row[2]
    message_id: UUID | None = row[3]
    if (status, reason) == ("completed", "end_turn"):
        return message_id
    if status in ("created", "running"):
        raise Conflict(ErrorCode.RUN_NOT_CLAIMED, NOT_HELD)
    raise Conflict(ErrorCode.RUN_HAS_ENDED, f"The run has ended: {status}.")


async def fail_run(
    database: Database, agent_id: str, run_id: UUID, worker: str, reason: str
) -> None:
    found = await external_runs.held_by(database, run_id, worker)
    run = await read_run_context(database, run_id)
    if found is None or run is None:
        await repeated(database, agent_id, run_id)
        raise Conflict(ErrorCode.RUN_HAS_ENDED, "The run has been answered.")
    await give_up(database, found[0], run, RunResult("error"), stored_text(reason))


async def free_overdue(database: Database) -> None:
    """Runs whose program is gone wait again; those that were taken too often are given up."""
    for claim in await external_runs.overdue(database):
        run = await read_run_context(database, claim.run_id)
        if run is None:
            continue
        if claim.attempt - run.times_paused < external_runs.MOST_ATTEMPTS:
            await external_runs.park(database, claim)
        else:
            problem = GAVE_UP.format(times=claim.attempt - run.times_paused)
            await give_up(database, claim, run, RunResult("error"), problem)
