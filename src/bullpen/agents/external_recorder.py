"""Records the answer of an external agent: its steps, and the call that sends it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from asyncpg import Connection

from bullpen.agents.recorder import FAILED, RunRecorder
from bullpen.agents.run_context import RunContext
from bullpen.agents.tools import TOOLS
from bullpen.agents.tools.validation import storable, stored_text
from bullpen.kit.database import Database
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid
from bullpen.kit.ids import new_id
from bullpen.runs.mailbox import Claim
from bullpen.runs.trace import Said, add_message

RECORD_STEP = "SELECT record_external_step($1, $2, $3, $4::text::json, $5::text::jsonb, $6)"
# What a step names where the program does not say which model it used.
UNNAMED_MODEL = "external"


class Step(NamedTuple):
    """What a program did before it answered, for the trace: it wrote something, or used a tool."""

    text: str
    tool: str | None = None
    input: dict[str, Any] | None = None


class Answer(NamedTuple):
    # None: silence.
    text: str | None
    reason: str
    channel_id: str | None
    model: str | None
    input_tokens: int
    output_tokens: int
    cost_usd: float
    steps: Sequence[Step]


def stored_input(given: dict[str, Any]) -> str:
    try:
        return msgspec.json.encode(storable(given)).decode()
    except ValueError as problem:
        raise Invalid(
            ErrorCode.VALIDATION_FAILED, f"The input of a step cannot be stored: it is {problem}."
        ) from problem


class OneTransaction(RunRecorder):
    """Records an answer in the caller's transaction, which holds the run."""

    def __init__(
        self,
        database: Database,
        connection: Connection,
        claim: Claim,
        run: RunContext,
        now: datetime,
    ) -> None:
        super().__init__(database, claim, run, TOOLS, now)
        self._connection = connection

    @asynccontextmanager
    async def _held(self, *, lasting: bool = True) -> AsyncIterator[Connection]:  # noqa: ARG002
        yield self._connection

    async def step(self, answer: Answer) -> None:
        """Before anything that locks the event log."""
        model = stored_text(answer.model or UNNAMED_MODEL)
        request = {"model": model, "answeredBy": "an external program"}
        usage = {"input_tokens": answer.input_tokens, "output_tokens": answer.output_tokens}
        self._step_id = new_id()
        await self._connection.execute(
            RECORD_STEP,
            self._run.run_id,
            self._step_id,
            model,
            msgspec.json.encode(request).decode(),
            msgspec.json.encode(usage).decode(),
            answer.cost_usd,
        )
        for said in answer.steps:
            await self._trace(said)

    async def _trace(self, said: Step) -> None:
        run_id, step_id = self._run.run_id, self._step_id
        text = stored_text(said.text)
        if said.tool is None:
            entries = [Said(run_id, step_id, "assistant_message", text, None, None)]
        else:
            given = stored_input(said.input or {})
            tool = stored_text(said.tool)
            entries = [
                Said(run_id, step_id, "tool_call_message", "", tool, given),
                Said(run_id, step_id, "tool_return_message", text, tool, None),
            ]
        for entry in entries:
            await add_message(self._connection, entry)

    async def answer(self, answer: Answer) -> UUID | None:
        """The id of the message. Raises `Refused` where the rules say so."""
        if answer.text is None:
            await self.call("do_nothing", {"reason": answer.reason}, "")
            return None
        message_id = self._key()
        arguments = {"text": answer.text}
        if answer.channel_id is not None:
            arguments["channel"] = answer.channel_id
        called = await self.call("send_message", arguments, "")
        if called.answer.startswith(FAILED) or not called.was_made:
            raise Refused(called.answer.removeprefix(FAILED))
        return message_id


class Refused(Exception):
    """The answer was not sent. The trace has the attempt, and the run goes on."""
