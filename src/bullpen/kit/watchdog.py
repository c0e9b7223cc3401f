"""Ends a process whose event loop stands still, from outside of Python.

A pattern, or anything else that keeps the interpreter busy, holds up every task of its process,
and no task can cancel it. The timer below is the operating system's: it needs no turn.
"""

import asyncio
import faulthandler
from contextlib import suppress


async def watch(seconds: float) -> None:
    """Until it is cancelled. The process ends with code 1, and its stderr says what it was at."""
    # Without a stderr that is a file there is nowhere to say it, and nothing to watch with.
    with suppress(AttributeError, ValueError, RuntimeError):
        try:
            while True:
                faulthandler.dump_traceback_later(seconds, exit=True)
                await asyncio.sleep(seconds / 8)
        finally:
            faulthandler.cancel_dump_traceback_later()
