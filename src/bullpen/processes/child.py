"""What web processes and workers do alike, as processes under a server."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

# What the parent says is one line of JSON.
PART = 65536
# What a web process says once it serves.
READY = b"ready\n"


def name_process(name: str) -> None:
    """For `ps` and `top`; at most 15 letters. A fork has the command line of the server."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(name, encoding="utf-8")


def read_config() -> bytes | None:
    """None: the parent ended before it had said everything."""
    # The terminal's Ctrl-C reaches the parent, too, which then ends this process in its order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    given = b""
    while not given.endswith(b"\n"):
        part = os.read(0, PART)
        if not part:
            return None
        given += part
    return given


def stop_with_parent(stopping: asyncio.Event, seconds: int) -> None:
    if sys.platform == "win32":
        return
    loop = asyncio.get_running_loop()

    def parent_gone() -> None:
        # Exits even if something hangs: a killed parent cannot end this process any more.
        signal.alarm(seconds)
        loop.remove_reader(0)
        stopping.set()

    loop.add_reader(0, parent_gone)
