"""A mind that writes piece by piece, each when the test says so."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.asking import post, settled
from tests.support.minds import SmallMind, working
from tests.support.program import until

from bullpen.agents.runtimes.base import RunResult, Usage
from bullpen.agents.runtimes.pieces import CallPart
from bullpen.agents.tools import TOOLS


class Writing:
    """Of one agent; all others say nothing."""

    def __init__(self, agent_id: str = "toby") -> None:
        self.agent_id = agent_id
        self.pieces = []
        self.more = threading.Semaphore(0)
        self.calls = [("send_message", {"text": "Hello *there*"})]

    def emit(self, *pieces):
        self.pieces += pieces
        for _ in pieces:
            self.more.release()

    def send(self):
        """Nothing more is written: what was, is sent, also by a further attempt."""
        self.pieces += [None] * 3
        self.more.release(3)

    async def __call__(self, spec, recorder) -> RunResult:
        await recorder.turn_started(spec.model_id, {"prompt": spec.prompt})
        if spec.agent_id == self.agent_id:
            while piece := await self.next():
                spec.emit(piece)
            for name, arguments in self.calls:
                await recorder.call(name, arguments, "1")
        await recorder.turn_ended(Usage(10, 5), None, None)
        return RunResult("end_turn")

    async def next(self):
        await asyncio.to_thread(self.more.acquire)
        return self.pieces.pop(0)


def part(text, name="send_message", place=0):
    return CallPart(place, name, text)


@contextmanager
def asked(url, run_sql, channel="dm-michael-toby", thread=None) -> Iterator[Writing]:
    writing = Writing()
    with working(url, SmallMind(writing, tools=TOOLS)):
        post(run_sql, "michael", channel, "@toby Why?", thread)
        try:
            yield writing
        finally:
            writing.send()
            until(lambda: settled(run_sql))
