"""Records what a model does in a trial, and carries out nothing: no row of the workspace changes.

Tools that only read are called, in a transaction that can do no more; calls of all others are
answered as if they had been made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec

from bullpen.agents.broken_calls import BrokenCalls
from bullpen.agents.experiments.budget import require_within_budget
from bullpen.agents.limits import BROKEN_CALLS, LONGEST_SAID, MOST_TOKENS, costs_nothing
from bullpen.agents.run_context import RunContext
from bullpen.agents.runtimes.base import CallResult, OverBudget, StopRun, Usage
from bullpen.agents.tools import validation
from bullpen.agents.tools.base import Tool, ToolContext, ToolProblem
from bullpen.agents.tools.validation import stored_text as stored
from bullpen.kit.database import Database, translate_errors
from bullpen.kit.errors import AppError, DatabaseUnavailable
from bullpen.members.actor import Actor
from bullpen.runs.budgets import Exceeded


@dataclass
class DryRecorder:
    database: Database
    run: RunContext
    tools: Mapping[str, Tool[Any]]
    now: datetime
    steps: list[dict[str, Any]] = field(default_factory=list)
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    problem: str | None = None
    broken: BrokenCalls = field(default_factory=BrokenCalls)

    @classmethod
    def of(
        cls, database: Database, run: RunContext, tools: Sequence[Tool[Any]], now: datetime
    ) -> "DryRecorder":
        return cls(database, run, {tool.name: tool for tool in tools}, now)

    async def turn_started(
        self,
        model_id: str,
        request: Any,  # noqa: ARG002 - the prompt is kept once, with the experiment
        most_usd: float | None = None,
    ) -> None:
        agent = self.run.agent
        if len(self.steps) >= agent.max_turns:
            raise StopRun("max_steps", f"it used all {agent.max_turns} steps")
        if self.input_tokens + self.output_tokens >= MOST_TOKENS:
            raise OverBudget(f"it used {MOST_TOKENS:,} tokens")
        if not costs_nothing(model_id):
            left = agent.max_budget_usd - self.cost_usd
            if left <= 0:
                raise OverBudget(
                    f"its budget for one run, ${agent.max_budget_usd:,.2f}, is used up"
                )
            wanted = left if most_usd is None else min(left, most_usd)
            try:
                await require_within_budget(self.database, self.run, self.cost_usd + wanted)
            except Exceeded as problem:
                raise OverBudget(str(problem)) from problem
        self.steps.append({"modelId": model_id, "said": [], "calls": []})

    async def said(self, text: str) -> None:
        self.steps[-1]["said"].append(stored(text[:LONGEST_SAID]))

    async def thought(self, text: str) -> None:
        """Not kept: what is compared is answers."""

    async def call(
        self,
        tool_name: str,
        arguments: dict[str, Any] | str,
        call_id: str,  # noqa: ARG002 - the runtime's own
    ) -> CallResult:
        call = validation.validate_call(self.tools, tool_name, arguments)
        problem = call.problem
        answer = f"Error: {problem}"
        is_dry = False
        if call.tool is not None and problem is None:
            is_dry = call.tool.has_effect and not call.tool.ends_turn
            answer = (
                "Done." if call.tool.has_effect else await self._read(call.tool, call.arguments)
            )
        given = None if call.stored is None else msgspec.json.decode(call.stored)
        self.steps[-1]["calls"].append(
            {
                "toolName": stored(tool_name),
                "input": given,
                "answer": stored(answer),
                "isCarriedOut": problem is None and not is_dry,
            }
        )
        result = self.broken.result(call, answer, problem)
        if result.ends == "invalid_tool_call":
            self.problem = f"{BROKEN_CALLS} tool calls in a row could not be made"
        return result

    async def _read(self, tool: Tool[Any], arguments: Any) -> str:
        context = ToolContext(
            actor=Actor(self.run.agent.id),
            # Of no run: a tool notes nowhere what it has read.
            run_id=None,
            channel_id=self.run.channel_id,
            thread_id=self.run.thread_id,
            trigger_message_id=self.run.trigger_message_id,
            key=uuid4(),
            now=self.now,
        )
        if tool.prepare is not None:
            await tool.prepare(self.database, context, arguments)
        try:
            with translate_errors():
                async with self.database.transaction() as connection:
                    await connection.execute("SET TRANSACTION READ ONLY")
                    return await tool.call(connection, context, arguments)
        except DatabaseUnavailable:
            raise
        except ToolProblem as problem:
            return f"Error: {problem}"
        except AppError as problem:
            return f"Error: {problem.message}"

    async def turn_ended(
        self,
        usage: Usage,
        cost_usd: float | None,
        history: bytes | None,  # noqa: ARG002 - a trial does not go on after a crash
    ) -> None:
        self.input_tokens += usage.input_tokens
        self.output_tokens += usage.output_tokens
        self.cost_usd += cost_usd or 0.0

    async def turn_failed(self, problem: str) -> None:
        self.problem = problem
