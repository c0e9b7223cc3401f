"""Shows what a run's model writes while it writes: in batches, for everybody who may read it.

Only the text of `send_message` is shown, which the run will send; thoughts where they are shown at
all; and which tool is at work. What a run does never depends on this: what cannot be shown is not.
"""

import asyncio
import logging
from contextlib import suppress
from typing import Any

from pydantic_core import from_json

from bullpen.agents.runtimes.pieces import Begun, CallPart, Piece, Thought
from bullpen.agents.tools.validation import stored_text
from bullpen.kit.database import Database
from bullpen.kit.errors import AppError
from bullpen.runs.mailbox import Claim
from bullpen.runs.partial_answers import Address, drop_partial_answer, keep_partial_answer

# What a provider sends at once is shown at once. A script's answer is sent before that.
FIRST_SECONDS = 0.005
BATCH_SECONDS = 0.1
# Until there are words, so that the first ones come soon.
WORDLESS_SECONDS = 0.02
SEND = "send_message"
# Of a tool that does nothing there is nothing to show.
SILENT = (SEND, "do_nothing")
MOST_TEXT, MOST_THINKING = 40_000, 20_000
ADDRESS = Address._fields

log = logging.getLogger(__name__)


class Written:
    """What one answer of the model has come to so far."""

    def __init__(self) -> None:
        self.thinking: list[str] = []
        self.calls: dict[int, tuple[str, list[str]]] = {}

    def take(self, piece: Thought | CallPart) -> None:
        if isinstance(piece, Thought):
            self.thinking.append(piece.text)
        else:
            _, parts = self.calls.get(piece.place, ("", []))
            parts.append(piece.arguments)
            self.calls[piece.place] = (piece.tool_name, parts)

    def shown(self) -> tuple[str, Address]:
        """The text that is being written, after those before it for the same place."""
        sent = [read(parts) for name, parts in self.calls.values() if name == SEND]
        newest = sent[-1] if sent else None
        if newest is None:
            return "", Address()
        texts = [one[0] for one in sent if one is not None and one[1] == newest[1]]
        return "\n\n".join(text for text in texts if text)[:MOST_TEXT], newest[1]

    def forget_done(self) -> None:
        """What is complete is about to be done, and shown by what comes of it."""
        self.thinking.clear()
        done = [place for place, (_, parts) in self.calls.items() if is_complete(parts)]
        for place in done:
            del self.calls[place]

    def tool(self) -> str | None:
        names = [name for name, _ in self.calls.values()]
        return names[-1] if names and names[-1] not in SILENT else None


def is_complete(parts: list[str]) -> bool:
    try:
        from_json("".join(parts) or "{}")
    except ValueError:
        return False
    return True


def read(parts: list[str]) -> tuple[str, Address] | None:
    """The text so far and its address. None where the address may still be under way: an address
    that is cut off would name another place."""
    whole = "".join(parts)
    parts[:] = [whole]
    try:
        given: Any = from_json(whole, allow_partial="trailing-strings")
    except ValueError:
        return None
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        return None
    address = Address(*(given.get(name) for name in ADDRESS))
    if any(part is not None and not isinstance(part, str) for part in address):
        return None
    if list(given)[-1] != "text" and not is_complete(parts):
        # Something follows the text, which may be an address.
        return None
    return stored_text(given["text"]), address


class AnswerWriter:
    def __init__(self, database: Database, claim: Claim) -> None:
        self._database = database
        self._claim = claim
        self._written = Written()
        self._tool: str | None = None
        self._news = asyncio.Event()
        # Held while something is written down.
        self._writing = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._has_shown = False
        self._has_words = False

    def take(self, piece: Piece) -> None:
        if isinstance(piece, Begun):
            # The tool of the turn before is shown until the model says something.
            self._written = Written()
            if not self._has_shown:
                return
        else:
            self._written.take(piece)
            self._tool = self._written.tool()
        self._news.set()
        if self._task is None:
            self._task = asyncio.create_task(self._show())

    async def _show(self) -> None:
        await asyncio.sleep(FIRST_SECONDS)
        while True:
            await self._news.wait()
            self._news.clear()
            async with self._writing:
                if not await self._keep():
                    return
            await asyncio.sleep(BATCH_SECONDS if self._has_words else WORDLESS_SECONDS)

    async def _keep(self) -> bool:
        text, address = self._written.shown()
        self._has_words = text != ""
        thinking = stored_text("".join(self._written.thinking)[:MOST_THINKING])
        tool = None if self._tool is None else stored_text(self._tool)
        is_shown, self._has_shown = self._has_shown, bool(text or thinking or tool)
        try:
            if self._has_shown:
                return await keep_partial_answer(
                    self._database, self._claim, text, thinking, tool, address
                )
            if is_shown:
                await drop_partial_answer(self._database, self._claim)
        except AppError:
            # The next batch holds all of it.
            return True
        except Exception:
            log.exception("what run %s writes could not be shown", self._claim.run_id)
            return False
        return True

    async def settle(self) -> None:
        """Nothing more is shown of what has been written: what it asks for is done next."""
        self._written.forget_done()
        task, self._task = self._task, None
        self._news.clear()
        if task is None:
            return
        # Not in the middle of a statement.
        async with self._writing:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def end(self) -> None:
        await self.settle()
        if self._has_shown:
            with suppress(AppError):
                await drop_partial_answer(self._database, self._claim)
