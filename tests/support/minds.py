"""Small minds for tests: real runtimes that answer at once, by rules that a test gives."""

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Connection
from pydantic import BaseModel
from tests.support.catalog import fetch
from tests.support.loops import run_to_end

from bullpen.agents.prompt.build import Prompt
from bullpen.agents.run_context import RunContext
from bullpen.agents.runtimes.base import Recorder, RunRequest, RunResult, Runtime, Usage
from bullpen.agents.tools.base import Tool, ToolContext
from bullpen.chat.send import NewMessage, refused, send_in_transaction
from bullpen.kit.database import Database
from bullpen.processes.process_config import WorkerConfig
from bullpen.processes.worker_main import run_worker


class Say(BaseModel):
    text: str
    channel_id: str | None = None


async def say(connection: Connection, context: ToolContext, arguments: Say) -> str:
    draft = NewMessage(
        context.key,
        arguments.channel_id or str(context.channel_id),
        None if arguments.channel_id else context.thread_id,
        context.actor.user_id,
        arguments.text,
    )
    refusal = await send_in_transaction(connection, draft, run_id=context.run_id, asks=True)
    if refusal is not None:
        raise refused(refusal)
    return f"Sent as {draft.id}."


SAY: Tool[Say] = Tool("send_message", "Says it.", Say, say)
Act = Callable[[RunRequest, Recorder], Awaitable[RunResult]]


async def answer(spec: RunRequest, recorder: Recorder) -> RunResult:
    """One turn that says one thing."""
    await recorder.turn_started(spec.model_id, {"prompt": spec.prompt})
    await recorder.call("send_message", {"text": f"{spec.agent_id} {spec.run_id}"}, "1")
    await recorder.turn_ended(Usage(10, 5), None, b"history")
    return RunResult("end_turn")


@dataclass
class Acting(Runtime):
    act: Act

    async def run(self, spec: RunRequest, recorder: Recorder) -> RunResult:
        return await self.act(spec, recorder)


@dataclass
class SmallMind:
    act: Act = answer
    tools: Sequence[Tool[Any]] = (SAY,)
    model_id: str = "scripted"
    briefed: list[RunContext] = field(default_factory=list)

    async def runtime_for(self, model_id: str) -> tuple[Runtime, str]:
        return Acting(self.act), self.model_id

    async def build_prompt(self, database: Database, work: RunContext, now: datetime) -> Prompt:
        self.briefed.append(work)
        return Prompt(f"You are {work.agent.display_name}.", work.prompt or "Answer.")


@contextmanager
def working(
    url: str, mind: SmallMind | None, number: int = 1, *, plans: bool = False
) -> Iterator[None]:
    """Workers in threads of their own, each with its own loop and connections.

    Without a mind they answer as the program does: by script. What the workspace has planned is
    canceled, since it is overdue by the clock of these tests.
    """
    if not plans:
        fetch(url, "UPDATE scheduled_messages SET status = 'cancelled' WHERE status = 'pending'")
    handles: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
    ready = threading.Barrier(number + 1)
    problems: list[BaseException] = []

    async def main() -> None:
        stopping = asyncio.Event()
        handles.append((asyncio.get_running_loop(), stopping))
        await run_worker(
            WorkerConfig(url), stopping, ready.wait, None if mind is None else lambda _: mind
        )

    def work() -> None:
        try:
            run_to_end(main())
        except BaseException as problem:  # noqa: BLE001 - raised again by the test's thread
            problems.append(problem)
            ready.abort()

    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    with contextlib.suppress(threading.BrokenBarrierError):
        ready.wait()
    try:
        if not problems:
            yield
    finally:
        for loop, stopping in handles:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(stopping.set)
        for thread in threads:
            thread.join()
    if problems:
        raise problems[0]


def ids(values: Sequence[Any]) -> list[UUID]:
    return [UUID(str(value)) for value in values]


class Slow:
    """Two turns; after the first it waits to be told to go on."""

    def __init__(self) -> None:
        self.going_on = threading.Event()

    async def __call__(self, spec: RunRequest, recorder: Recorder) -> RunResult:
        await recorder.turn_started(spec.model_id, {"prompt": spec.prompt, "model": spec.model_id})
        await recorder.said("I had better think about that.")
        await recorder.turn_ended(Usage(10, 5), 0.002, b"history")
        await asyncio.to_thread(self.going_on.wait, 20)
        await recorder.turn_started(spec.model_id, {"prompt": spec.prompt, "turn": 2})
        await recorder.call("send_message", {"text": f"No. ({spec.model_id})"}, "1")
        await recorder.turn_ended(Usage(20, 6), 0.001, b"history")
        return RunResult("end_turn")
