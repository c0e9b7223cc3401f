"""Writes down what happens in a run, as it happens: each step of it a transaction of its own."""

import hmac
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Connection
from pydantic import ValidationError

from bullpen.agents.limits import BROKEN_CALLS, MOST_TOKENS, SAME_CALLS, costs_nothing
from bullpen.agents.runtime import Stop, Tool, ToolContext, ToolProblem, Usage
from bullpen.agents.work import Work
from bullpen.kit.database import Database, translated
from bullpen.kit.errors import AppError, DatabaseUnavailable
from bullpen.kit.ids import new_id
from bullpen.members.actor import Actor
from bullpen.runs.budgets import Exceeded, reserve
from bullpen.runs.mailbox import Claim, hold

INTRODUCE = "SELECT introduce_run($1, $2, $3, $4, $5, $6, $7)"
BEGIN = "SELECT begin_step($1, $2, $3, $4, $5, $6::text::json, $7)"
END = "SELECT end_step($1, $2, $3, $4, $5, $6::text::jsonb, $7, $8, $9, $10)"
RECORD = "SELECT record_call($1, $2, $3, $4, $5, $6, $7)"
SAY = """
INSERT INTO run_messages (
    id, run_id, step_id, message_type, content, tool_name, tool_input, created_at
) VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb, clock_timestamp())
"""
CALLED = """
SELECT c.turn, m.tool_name, m.content FROM run_calls c JOIN run_messages m ON m.id = c.message_id
WHERE c.run_id = $1 AND c.turn >= $2 ORDER BY c.turn, c.place
"""
# What this transaction posts is this run's; what it remembers, this agent's.
AS_RUN = "SELECT set_config('bullpen.run_id', $1, true), set_config('bullpen.user_id', $2, true)"
SPENT = "SELECT COALESCE(cost_usd, 0) FROM run_details WHERE run_id = $1"


@dataclass(frozen=True, slots=True)
class Called:
    turn: int
    tool_name: str
    answer: str


def stored(text: str) -> str:
    """What Postgres cannot keep, a model may all the same write."""
    return text.replace("\x00", "\ufffd").encode(errors="replace").decode()


class RunRecorder:
    def __init__(
        self,
        database: Database,
        claim: Claim,
        work: Work,
        tools: Sequence[Tool[Any]],
        now: datetime,
    ) -> None:
        self.problem: str | None = None
        self._database = database
        self._claim = claim
        self._work = work
        self._tools: Mapping[str, Tool[Any]] = {tool.name: tool for tool in tools}
        self._now = now
        self._turns = work.turns
        self._tokens = work.tokens
        self._step_id: UUID | None = None
        # What an interrupted attempt has done already, and what of it is still to be answered with.
        self._recorded: list[Called] = []
        self._earlier: list[Called] = []
        self._place = 0
        self._broken = 0
        self._same: Counter[tuple[str, bytes]] = Counter()

    async def introduce(self, instructions: str, prompt: str) -> None:
        """Also ends the step of an attempt that came to none."""
        await self._write(INTRODUCE, new_id(), stored(instructions), new_id(), stored(prompt))
        if self._claim.attempt > 1:
            # A runtime that keeps no history does all of it again.
            first = 1 if self._work.history is None else self._turns + 1
            rows = await self._database.fetch(CALLED, self._work.run_id, first)
            self._recorded = [Called(*row) for row in rows]
            self._earlier = list(self._recorded)

    async def turn_started(
        self, model_id: str, request: Any, most_usd: float | None = None
    ) -> None:
        if self._turns >= self._work.agent.max_turns:
            raise Stop("max_steps", f"it had its {self._work.agent.max_turns} turns")
        if self._tokens >= MOST_TOKENS:
            raise Stop("max_tokens_exceeded", f"it used {self._tokens:,} tokens")
        encoded = stored(msgspec.json.encode(request, enc_hook=str).decode())
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
            raise Stop("max_tokens_exceeded", self.problem) from problem

    async def _reserve(self, connection: Connection, most_usd: float | None) -> float:
        spent: float = await connection.fetchval(SPENT, self._work.run_id)
        left = self._work.agent.max_budget_usd - spent
        if left <= 0:
            most = self._work.agent.max_budget_usd
            raise Exceeded(f"my budget for one answer, ${most:,.2f}, is used up")
        wanted = left if most_usd is None else min(left, most_usd)
        await reserve(connection, self._work.agent.id, self._work.channel_id, wanted)
        return wanted

    async def said(self, text: str) -> None:
        async with self._held(lasting=False) as connection:
            await self._say(connection, "assistant_message", text)

    async def call(
        self,
        tool_name: str,
        arguments: dict[str, Any] | str,
        call_id: str,  # noqa: ARG002 - the runtime's own; here a call's place tells it apart
    ) -> str:
        for earlier in self._earlier:
            if earlier.tool_name == tool_name:
                # Made before the run was interrupted: its effect is there.
                self._earlier.remove(earlier)
                return earlier.answer
        raw, given = parsed(arguments)
        problem = self._repeated(tool_name, raw)
        tool = self._tools.get(tool_name)
        validated = None
        if problem is None and tool is None:
            problem = f"There is no tool '{tool_name}': use one of {', '.join(self._tools)}."
        if problem is None and tool is not None:
            try:
                validated = tool.arguments.model_validate(given)
            except ValidationError as invalid:
                problem = f"The arguments do not fit: {told(invalid)}. Correct them."
        async with self._held() as connection:
            # A time of its own, before whatever the call makes.
            await self._say(
                connection,
                "tool_call_message",
                "" if isinstance(given, dict) else str(arguments),
                tool_name=tool_name,
                tool_input=raw.decode() if isinstance(given, dict) else None,
            )
            if problem is None and tool is not None:
                answer = await self._execute(connection, tool, validated)
            else:
                answer = f"Error: {problem}"
            await connection.execute(
                RECORD,
                self._work.run_id,
                self._step_id,
                new_id(),
                answer,
                stored(tool_name),
                self._turns + 1,
                self._place,
            )
        self._place += 1
        if problem is None:
            self._broken = 0
            return answer
        self._broken += 1
        if self._broken >= BROKEN_CALLS:
            raise Stop("invalid_tool_call", problem)
        return answer

    def _repeated(self, tool_name: str, raw: bytes) -> str | None:
        self._same[tool_name, raw] += 1
        times = self._same[tool_name, raw]
        if times <= SAME_CALLS:
            return None
        return f"You have made this very call {times} times. Do something else, or end your turn."

    async def _execute(self, connection: Connection, tool: Tool[Any], validated: Any) -> str:
        work = self._work
        context = ToolContext(
            actor=Actor(work.agent.id),
            run_id=work.run_id,
            channel_id=work.channel_id,
            thread_id=work.thread_id,
            trigger_message_id=work.trigger_message_id,
            key=self._key(),
            now=self._now,
        )
        try:
            # A call that fails leaves nothing behind but its record.
            with translated():
                async with connection.transaction():
                    await connection.execute(AS_RUN, str(work.run_id), work.agent.id)
                    return stored(await tool.call(connection, context, validated))
        except DatabaseUnavailable:
            raise
        except ToolProblem as problem:
            return f"Error: {stored(str(problem))}"
        except AppError as problem:
            return f"Error: {stored(problem.message)}"

    def _key(self) -> UUID:
        """The same for every attempt at this call, and nobody else's to know."""
        call = f"{self._work.run_id}/{self._turns + 1}/{self._place}".encode()
        return UUID(bytes=hmac.digest(self._work.secret or b"", call, "sha256")[:16], version=4)

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
        kind: str,
        content: str,
        *,
        tool_name: str | None = None,
        tool_input: str | None = None,
    ) -> UUID:
        message_id = new_id()
        name = None if tool_name is None else stored(tool_name)
        await connection.execute(
            SAY,
            message_id,
            self._work.run_id,
            self._step_id,
            kind,
            stored(content),
            name,
            tool_input,
        )
        return message_id

    async def _write(self, sql: str, *values: object) -> None:
        """What can be done again, in one statement."""
        with translated():
            [row] = await self._database.write(sql, *self._claimed, *values)
        if not row[0]:
            raise Stop("cancelled")

    @property
    def _claimed(self) -> tuple[UUID, str, int]:
        return self._claim.run_id, self._claim.worker, self._claim.attempt

    @asynccontextmanager
    async def _held(self, *, lasting: bool = True) -> AsyncIterator[Connection]:
        async with self._database.transaction() as connection:
            if not await hold(connection, self._claim, lasting=lasting):
                raise Stop("cancelled")
            yield connection


def parsed(arguments: dict[str, Any] | str) -> tuple[bytes, Any]:
    """As bytes to compare and keep, and as they are: a dict, if they are one at all."""
    if isinstance(arguments, str):
        try:
            arguments = msgspec.json.decode(arguments or "{}")
        except (msgspec.DecodeError, UnicodeError):
            return str(arguments).encode(errors="replace"), arguments
    encoded = msgspec.json.encode(arguments, enc_hook=str, order="sorted")
    # In text that JSON escapes, what Postgres cannot keep.
    encoded = encoded.replace(b"\\u0000", b"\\ufffd")
    return encoded, arguments


def told(invalid: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, error['loc'])) or 'arguments'}: {error['msg']}"
        for error in invalid.errors(include_url=False, include_input=False)[:5]
    )
