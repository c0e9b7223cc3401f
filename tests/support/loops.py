"""Runs what tests await on the event loop that the program has, which is also the faster one."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

from bullpen.kit.event_loop import loop_factory

Result = TypeVar("Result")


def new_runner() -> asyncio.Runner:
    return asyncio.Runner(loop_factory=loop_factory())


def run_to_end(work: Coroutine[object, object, Result]) -> Result:
    with new_runner() as runner:
        return runner.run(work)
