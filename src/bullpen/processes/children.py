"""Starts, watches and ends the processes under a server.

A child reads what it needs from its stdin, and ends when that ends: with this process.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, Literal, Protocol

from bullpen.processes import preloaded

Kind = Literal["web", "worker"]
# Without the current folder among the places where modules are looked for.
PYTHON = (sys.executable, "-P", "-m")
LINE = 1024


class Child(Protocol):
    ended: "asyncio.Future[Any]"

    def tell(self, line: bytes) -> None: ...

    async def heard(self) -> bytes:
        """The first line that it says, if it was started to be heard."""

    def dismiss(self) -> None:
        """Ends its stdin, and so the child in its own time."""

    def kill(self) -> None: ...


async def end(child: Child, seconds: float) -> None:
    child.dismiss()
    _, unfinished = await asyncio.wait([child.ended], timeout=seconds)
    if unfinished:
        child.kill()
        await child.ended


class Children:
    """The preloaded process forks them; without one, each is Python executed anew."""

    def __init__(self, preloaded: "Preloaded | None") -> None:
        self._preloaded = preloaded

    async def start(
        self, kind: Kind, passed: Sequence[int] = (), *, to_be_heard: bool = False
    ) -> Child:
        if self._preloaded is not None:
            with suppress(PreloadedGone):
                return await self._preloaded.start(kind, passed, to_be_heard=to_be_heard)
            self._preloaded = None
        return Executed(
            await asyncio.create_subprocess_exec(
                *PYTHON,
                preloaded.module_of(kind),
                *map(str, passed),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE if to_be_heard else None,
                pass_fds=passed,
            )
        )

    def watch(self) -> None:
        """In the event loop of the server."""
        if self._preloaded is not None:
            self._preloaded.watch()


@contextmanager
def preloading(kinds: Sequence[Kind]) -> Iterator[Children]:
    """Before this process has threads, a loop or anything open that is not for its children."""
    if not kinds or not preloaded.can_fork():
        yield Children(None)
        return
    process = Preloaded(*preloaded.begin(kinds))
    try:
        yield Children(process)
    finally:
        process.close()


class PreloadedGone(Exception):
    """Nobody forks any more: it has been killed."""


class Preloaded:
    """The preloaded process, as the server sees it."""

    def __init__(self, pid: int, requests: socket.socket) -> None:
        self._pid: int | None = pid
        self._requests = requests

    def watch(self) -> None:
        """It says nothing: what can be read is its end."""
        loop = asyncio.get_running_loop()

        def gone() -> None:
            loop.remove_reader(self._requests)
            self.close()

        loop.add_reader(self._requests, gone)

    def close(self) -> None:
        """It has nothing to lose. What it has forked ends with its stdin."""
        if self._pid is not None:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            self._pid = None
            self._requests.close()

    async def start(self, kind: Kind, passed: Sequence[int], *, to_be_heard: bool) -> "Forked":
        with ExitStack() as unless_started:
            stdin, to_tell = os.pipe()
            unless_started.callback(os.close, to_tell)
            hearing, stdout = None, 1
            if to_be_heard:
                hearing, stdout = os.pipe()
                unless_started.callback(os.close, hearing)
            given = [stdin, stdout, *passed]
            # From now on the child alone has its ends.
            closing = [stdin, stdout] if to_be_heard else [stdin]
            watched = await self._fork(kind, given, closing)
            unless_started.pop_all()
        return Forked(watched, to_tell, hearing)

    async def _fork(self, kind: Kind, given: list[int], closing: list[int]) -> int:
        """The pidfd of the fork."""
        answer, to_answer = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with answer:
            try:
                with to_answer:
                    request = [to_answer.fileno(), *given]
                    socket.send_fds(self._requests, [kind.encode()], request)
            except OSError as problem:
                raise PreloadedGone from problem
            finally:
                for descriptor in closing:
                    os.close(descriptor)
            await readable(answer)
            answered, watched, _, _ = socket.recv_fds(answer, LINE, 1)
        if not answered:
            raise PreloadedGone
        os.set_inheritable(watched[0], False)
        return watched[0]


async def readable(source: socket.socket | int) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(source, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(source)


class Forked:
    def __init__(self, watched: int, to_tell: int, hearing: int | None) -> None:
        self._watched = watched
        self._to_tell: int | None = to_tell
        self._hearing = hearing
        loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[None] = loop.create_future()
        loop.add_reader(watched, self._end)

    def _end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._watched)
        # If the preloaded process was killed, its forks may have become children of this one.
        with suppress(ChildProcessError):
            os.waitid(os.P_PIDFD, self._watched, os.WEXITED | os.WNOHANG)
        os.close(self._watched)
        self.dismiss()
        if self._hearing is not None:
            os.close(self._hearing)
        self.ended.set_result(None)

    def tell(self, line: bytes) -> None:
        assert self._to_tell is not None
        with suppress(BrokenPipeError):
            os.write(self._to_tell, line)

    async def heard(self) -> bytes:
        assert self._hearing is not None
        # Its own, which the end of the child does not close under it.
        hearing = os.dup(self._hearing)
        try:
            await readable(hearing)
            return os.read(hearing, LINE)
        finally:
            os.close(hearing)

    def dismiss(self) -> None:
        if self._to_tell is not None:
            os.close(self._to_tell)
            self._to_tell = None

    def kill(self) -> None:
        # By its descriptor: its number may be that of another process by now.
        if not self.ended.done():
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._watched, signal.SIGKILL)


class Executed:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.ended: asyncio.Future[Any] = asyncio.ensure_future(process.wait())
        self._process = process

    def tell(self, line: bytes) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(line)

    async def heard(self) -> bytes:
        assert self._process.stdout is not None
        return await self._process.stdout.readline()

    def dismiss(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()
