"""Writes down what happens in a run, as it happens: each step of it a transaction of its own."""

import hmac
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Connection

from bullpen.agents.broken_calls import BrokenCalls
from bullpen.agents.limits import (
    BROKEN_CALLS,
    LONGEST_SAID,
    MOST_TOKENS,
    SAME_CALLS,
    costs_nothing,
)
from bullpen.agents.run_context import RunContext
from bullpen.agents.runtimes.base import CallResult, OverBudget, StopRun, Usage
from bullpen.agents.tools import validation
from bullpen.agents.tools.base import Tool, ToolContext, ToolProblem
from bullpen.agents.tools.validation import Call
from bullpen.agents.tools.validation import stored_text as stored
from bullpen.kit.database import Database, translate_errors
from bullpen.kit.errors import AppError, DatabaseUnavailable
from bullpen.kit.ids import new_id
from bullpen.members.actor import Actor
from bullpen.runs.budgets import Exceeded, reserve
from bullpen.runs.mailbox import Claim, lock_claim
from bullpen.runs.requests import shortened
from bullpen.runs.trace import Said, add_message
from bullpen.runs.trace_privacy import note_private_source, withhold
from bullpen.runs.values import MessageType

INTRODUCE = "SELECT introduce_run($1, $2, $3, $4, $5, $6, $7)"
BEGIN = "SELECT begin_step($1, $2, $3, $4, $5, $6::text::json, $7)"
END = "SELECT end_step($1, $2, $3, $4, $5, $6::text::jsonb, $7, $8, $9, $10)"
RECORD = "SELECT record_call($1, $2, $3, $4, $5, $6, $7)"
CALLED = """
SELECT c.turn, m.tool_name, m.content FROM run_calls c JOIN run_messages m ON m.id = c.message_id
WHERE c.run_id = $1 AND c.turn >= $2 ORDER BY c.turn, c.place
"""
# What earlier attempts at the run have called, each with what it answered.
CALLED_BEFORE = """
SELECT tool_name, tool_input::text, answer FROM (
    SELECT tool_name, tool_input, message_type,
           lead(content) OVER (ORDER BY created_at, id) AS answer
    FROM run_messages
    WHERE run_id = $1 AND message_type IN ('tool_call_message', 'tool_return_message')
) made WHERE message_type = 'tool_call_message' AND tool_input IS NOT NULL
"""
# For triggers, which take no arguments: they keep who wrote each version of a memory block, which
# call made what (note_run_effect), and refuse what not all readers may read (check_run_audience).
AS_RUN = """
SELECT set_config('bullpen.run_id', $1, true), set_config('bullpen.user_id', $2, true),
       set_config('bullpen.call_id', $3, true)
"""
# Begins the answer to a call that failed.
FAILED = "Error: "
WITHHELD_NOTES = (
    "Withheld from the prompt: private notes from {channel}, which not everybody can read who reads"
    " what the agent answers here."
)
SPENT = "SELECT COALESCE(cost_usd, 0) FROM run_details WHERE run_id = $1"


@dataclass(frozen=True, slots=True)
class Called:
    turn: int
    tool_name: str
    answer: str


BETTER_MODEL = "Choose a model that is better at calling tools on the agent's profile."
ALLOW_MORE = "Allow more on the agent's profile."


def out_of_turns(most: int) -> str:
    return f"All {most} turns of one answer are used up. {ALLOW_MORE}"


class RunRecorder:
    def __init__(
        self,
        database: Database,
        claim: Claim,
        run: RunContext,
        tools: Sequence[Tool[Any]],
        now: datetime,
        *,
        settle: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`settle`: awaited before each call, after which nothing shows the call's text as one
        that is being written."""
        self._settle = settle
        self.problem: str | None = None
        self._database = database
        self._claim = claim
        self._run = run
        self._tools: Mapping[str, Tool[Any]] = {tool.name: tool for tool in tools}
        self._now = now
        self._turns = run.turns
        self._tokens = run.tokens
        self._step_id: UUID | None = None
        # What is stored of the run before its first step, by its kind.
        self._introduction: Mapping[str, str] = {}
        # What an interrupted attempt has done already, and what of it is still to be answered with.
        self._recorded: list[Called] = []
        self._earlier: list[Called] = []
        self._place = 0
        self._broken = BrokenCalls()
        self._same: Counter[tuple[str, str]] = Counter()
        # Calls that had an effect: a second equal one is refused.
        self._done: set[tuple[str, str]] = set()
        # Set once too many calls could not be made: nothing more is recorded.
        self._over: StopRun | None = None

    async def introduce(
        self,
        instructions: str,
        prompt: str,
        sources: Sequence[str] = (),
        withheld: Sequence[str] = (),
    ) -> None:
        """Also ends the step of an attempt that came to none.

        `sources` are the private places that the prompt describes; before anything else is known of
        the run, they bound where it may write and who may read it.
        """
        if sources or (withheld and self._claim.attempt == 1):
            async with self._held(lasting=False) as connection:
                await note_private_source(connection, self._run.run_id, sources, step_number=0)
                await withhold(
                    connection, self._run.run_id, withheld, WITHHELD_NOTES, from_prompt=True
                )
        await self._write(INTRODUCE, new_id(), stored(instructions), new_id(), stored(prompt))
        if not self._run.introduced:
            # Else what is stored is what an earlier attempt began with.
            self._introduction = {"system_message": instructions, "user_message": prompt}
        if self._claim.attempt > 1:
            # A runtime that keeps no history does all of it again.
            first = 1 if self._run.history is None else self._turns + 1
            rows = await self._database.fetch(CALLED, self._run.run_id, first)
            self._recorded = [Called(*row) for row in rows]
            self._earlier = list(self._recorded)
            for name, arguments, answer in await self._database.fetch(
                CALLED_BEFORE, self._run.run_id
            ):
                self._remember(validation.validate_call(self._tools, name, arguments), answer or "")

    async def turn_started(
        self, model_id: str, request: Any, most_usd: float | None = None
    ) -> None:
        if self._over is not None:
            raise self._over
        if self._turns >= self._run.agent.max_turns:
            raise StopRun("max_steps", out_of_turns(self._run.agent.max_turns))
        if self._tokens >= MOST_TOKENS:
            raise OverBudget(
                f"This answer has used {self._tokens:,} tokens, and {MOST_TOKENS:,} is the most."
                " Ask for less at once."
            )
        encoded = stored(msgspec.json.encode(request, enc_hook=str).decode())
        encoded = shortened(encoded, self._introduction)
        step_id = new_id()
        step = (step_id, model_id, encoded)
        if costs_nothing(model_id):
            await self._write(BEGIN, *step, 0.0)
        else:
            await self._begin_within_budget(*step, most_usd)
        self._step_id = step_id
        self._place = sum(called.turn == self._turns + 1 for called in self._recorded)

    async def _begin_within_budget(
        self, step_id: UUID, model_id: str, request: str, most_usd: float | None
    ) -> None:
        try:
            async with self._held(lasting=False) as connection:
                reserved = await self._reserve(connection, most_usd)
                step = (step_id, model_id, request, reserved)
                await connection.execute(BEGIN, *self._claimed, *step)
        except Exceeded as problem:
            self.problem = str(problem)
            raise OverBudget(self.problem) from problem

    async def _reserve(self, connection: Connection, most_usd: float | None) -> float:
        spent: float = await connection.fetchval(SPENT, self._run.run_id)
        left = self._run.agent.max_budget_usd - spent
        if left <= 0:
            most = self._run.agent.max_budget_usd
            raise Exceeded(
                f"The agent's budget for one answer, ${most:,.2f}, is used up. {ALLOW_MORE}"
            )
        wanted = left if most_usd is None else min(left, most_usd)
        await reserve(connection, self._run.agent.id, self._run.channel_id, wanted)
        return wanted

    async def said(self, text: str) -> None:
        if len(text) > LONGEST_SAID:
            text = f"{text[:LONGEST_SAID]}…"
        async with self._held(lasting=False) as connection:
            await self._say(connection, "assistant_message", text)

    async def thought(self, text: str) -> None:
        if len(text) > LONGEST_SAID:
            text = f"{text[:LONGEST_SAID]}…"
        async with self._held(lasting=False) as connection:
            await self._say(connection, "thinking_message", text)

    async def call(
        self,
        tool_name: str,
        arguments: dict[str, Any] | str,
        call_id: str,  # noqa: ARG002 - the runtime's own; here a call's place tells it apart
    ) -> CallResult:
        if self._over is not None:
            raise self._over
        if self._settle is not None:
            await self._settle()
        call = validation.validate_call(self._tools, tool_name, arguments)
        for earlier in self._earlier:
            if earlier.tool_name == tool_name:
                # Made before the run was interrupted: its effect is there.
                self._earlier.remove(earlier)
                return self._result(call, earlier.answer, None)
        problem = call.problem or self._repeated(call)
        if problem is None and call.tool is not None and call.tool.prepare is not None:
            await call.tool.prepare(self._database, self._context, call.arguments)
        # The record of a call without an effect can be made again.
        lasting = problem is None and call.tool is not None and call.tool.has_effect
        async with self._held(lasting=lasting) as connection:
            # A time of its own, before those of the rows that the call makes.
            made_by = await self._say(
                connection,
                "tool_call_message",
                call.unreadable,
                tool_name=tool_name,
                tool_input=call.stored,
            )
            if problem is None:
                answer = await self._execute(connection, call, made_by)
            else:
                answer = f"{FAILED}{stored(problem)}"
            await connection.execute(
                RECORD,
                self._run.run_id,
                self._step_id,
                new_id(),
                answer,
                stored(tool_name),
                self._turns + 1,
                self._place,
            )
        self._place += 1
        if problem is None:
            self._remember(call, answer)
        return self._result(call, answer, problem)

    def _result(self, call: Call, answer: str, problem: str | None) -> CallResult:
        result = self._broken.result(call, answer, problem or call.problem)
        if result.ends == "invalid_tool_call":
            # Without what it wrote: it may know what not everybody here may read.
            self.problem = (
                f"The model made {BROKEN_CALLS} tool calls in a row that could not be carried out;"
                f" the trace shows them. {BETTER_MODEL}"
            )
            self._over = StopRun("invalid_tool_call", self.problem)
        return result

    def _repeated(self, call: Call) -> str | None:
        if call.key in self._done:
            return (
                "You have made this very call already, and it was carried out. Do something else,"
                " or call do_nothing."
            )
        if self._same[call.key] >= SAME_CALLS:
            return (
                f"You have made this very call {self._same[call.key]} times already. Do something"
                " else, or call do_nothing."
            )
        return None

    def _remember(self, call: Call, answer: str) -> None:
        self._same[call.key] += 1
        if call.tool is not None and call.tool.has_effect and not answer.startswith(FAILED):
            self._done.add(call.key)

    async def _execute(self, connection: Connection, call: Call, made_by: UUID) -> str:
        """`made_by`: the call's entry in the trace."""
        run = self._run
        assert call.tool is not None
        try:
            # A call that fails leaves nothing behind but its record.
            with translate_errors():
                async with connection.transaction():
                    await connection.execute(AS_RUN, str(run.run_id), run.agent.id, str(made_by))
                    answer = await call.tool.call(connection, self._context, call.arguments)
                    return stored(answer)
        except DatabaseUnavailable:
            raise
        except ToolProblem as problem:
            if problem.withheld is not None:
                channel_id, words = problem.withheld
                await withhold(connection, run.run_id, [channel_id], words)
            return f"{FAILED}{stored(str(problem))}"
        except AppError as problem:
            return f"{FAILED}{stored(problem.message)}"

    @property
    def _context(self) -> ToolContext:
        run = self._run
        return ToolContext(
            actor=Actor(run.agent.id),
            run_id=run.run_id,
            channel_id=run.channel_id,
            thread_id=run.thread_id,
            trigger_message_id=run.trigger_message_id,
            key=self._key(),
            now=self._now,
        )

    def _key(self) -> UUID:
        """The same for every attempt at this call, and nobody else's to know."""
        call = f"{self._run.run_id}/{self._turns + 1}/{self._place}".encode()
        return UUID(bytes=hmac.digest(self._run.secret or b"", call, "sha256")[:16], version=4)

    async def turn_ended(self, usage: Usage, cost_usd: float | None, history: bytes | None) -> None:
        self._turns += 1
        self._tokens += usage.input_tokens + usage.output_tokens
        tokens = {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens}
        await self._end("completed", tokens, cost_usd or 0.0, history)

    async def turn_failed(self, problem: str) -> None:
        self.problem = problem
        await self._end("failed", None, 0.0, None)

    async def _end(
        self, status: str, tokens: dict[str, int] | None, cost_usd: float, history: bytes | None
    ) -> None:
        usage = None if tokens is None else msgspec.json.encode(tokens).decode()
        problem = None if status != "failed" or self.problem is None else stored(self.problem)
        await self._write(END, self._step_id, status, usage, cost_usd, history, new_id(), problem)
        self._step_id = None

    async def _say(
        self,
        connection: Connection,
        kind: MessageType,
        content: str,
        *,
        tool_name: str | None = None,
        tool_input: str | None = None,
    ) -> UUID:
        name = None if tool_name is None else stored(tool_name)
        said = Said(self._run.run_id, self._step_id, kind, stored(content), name, tool_input)
        return await add_message(connection, said)

    async def _write(self, sql: str, *values: object) -> None:
        """What can be done again, in one statement."""
        with translate_errors():
            [row] = await self._database.write(sql, *self._claimed, *values)
        if not row[0]:
            raise StopRun("cancelled")

    @property
    def _claimed(self) -> tuple[UUID, str, int]:
        return self._claim.run_id, self._claim.worker, self._claim.attempt

    @asynccontextmanager
    async def _held(self, *, lasting: bool = True) -> AsyncIterator[Connection]:
        async with self._database.transaction() as connection:
            if not await lock_claim(connection, self._claim, lasting=lasting):
                raise StopRun("cancelled")
            yield connection
