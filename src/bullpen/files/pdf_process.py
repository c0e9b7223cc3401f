"""The process that takes the text out of a PDF: started, fed, limited and ended."""

import asyncio
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterable
from contextlib import suppress
from typing import Literal
from weakref import WeakKeyDictionary

import msgspec
from msgspec import Struct

SECONDS = 30.0
# What it writes at most: each character can take several in JSON.
MOST_OUTPUT = 8_000_000
AT_ONCE = 2
# The exit code of a Python that cannot even load what it needs.
NOT_STARTED = 1
# `-I`: no folder but those of the installation is looked into. No environment: it has secrets, and
# `PATH` would lead to programs.
COMMAND = (sys.executable, "-I", "-m", "bullpen.files.pdf_child")
ENVIRONMENT = {"PATH": ""}

Problem = Literal["damaged", "encrypted", "scan", "too_costly"]
CUT = "[The rest of the text was not read: there is too much of it, or it takes too long.]"

_free: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class Line(Struct):
    page: int = 0
    text: str = ""
    end: Literal["text", "cut", "damaged", "encrypted"] | None = None


_lines = msgspec.json.Decoder(Line)


class PdfText(Struct, frozen=True):
    """The text of a PDF with a mark before each page, or why there is none."""

    text: str | None
    problem: Problem | None = None


class TooMuchError(Exception):
    """It writes more than any text has."""


async def text_of_pdf(portions: AsyncIterable[bytes]) -> PdfText | None:
    """None: the process could not be started, or something else than the file ended it."""
    free = _free.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))
    async with free:
        try:
            process = await asyncio.create_subprocess_exec(
                *COMMAND, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=ENVIRONMENT
            )
        except OSError:
            return None
        output = bytearray()
        is_stopped = False
        feeding = asyncio.create_task(feed(process, portions))
        try:
            async with asyncio.timeout(SECONDS):
                await collect(process, output)
                await process.wait()
        except (TimeoutError, TooMuchError):
            is_stopped = True
        finally:
            feeding.cancel()
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            [fed] = await asyncio.gather(feeding, return_exceptions=True)
    if isinstance(fed, Exception):
        raise fed
    return result_of(bytes(output), process.returncode, is_stopped=is_stopped)


async def feed(process: Process, portions: AsyncIterable[bytes]) -> None:
    assert process.stdin is not None
    # It need not read all of it.
    with suppress(BrokenPipeError, ConnectionResetError):
        try:
            async for portion in portions:
                process.stdin.write(portion)
                await process.stdin.drain()
        finally:
            process.stdin.close()


async def collect(process: Process, output: bytearray) -> None:
    assert process.stdout is not None
    while len(output) < MOST_OUTPUT:
        portion = await process.stdout.read(65_536)
        if not portion:
            return
        output += portion
    raise TooMuchError


def result_of(output: bytes, code: int | None, *, is_stopped: bool) -> PdfText | None:
    if not is_stopped and code in (NOT_STARTED, -signal.SIGKILL):
        # The system was short of memory, maybe: another time it can be read.
        return None
    end = None
    pages = []
    # What stands behind the last end of a line was broken off.
    for line in output.split(b"\n")[:-1]:
        report = _lines.decode(line)
        end = report.end
        if end is None:
            pages.append(f"[page {report.page}]\n{report.text}")
    if pages:
        whole = "\n\n".join(pages)
        return PdfText(whole if end == "text" else f"{whole}\n\n{CUT}")
    if end in ("damaged", "encrypted"):
        return PdfText(None, end)
    if end == "text":
        return PdfText(None, "scan")
    return PdfText(None, "too_costly")
