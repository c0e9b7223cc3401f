"""A provider that streams slowly, the program's processes on it, and what a window is shown."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.support.ports import free_port, is_free
from tests.support.program import Process, start, until

QUESTION = re.compile(r"question (\d+)!")
WORDS = 30


def question(number: int) -> str:
    return f"question {number}!"


def answer(number: int, words: int = WORDS) -> list[str]:
    """In tokens."""
    return [f"Answer {number}:", *(f" word{place}" for place in range(words)), " END"]


class Provider:
    """Answers each question token by token, then says that it is done."""

    def __init__(
        self, *, words: int = WORDS, seconds: float = 0.015, first_seconds: float = 0.0
    ) -> None:
        """`first_seconds`: until the first token, as a model needs to read its prompt."""
        self.first_seconds = first_seconds
        self.words = words
        self.seconds = seconds
        self.began: dict[int, float] = {}
        self.tokens = 0
        self.address = ""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Provider"]:
        server = await asyncio.start_server(self.handle, "127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            found = re.search(rb"(?i)content-length: *(\d+)", head)
            body = (await reader.readexactly(int(found[1] if found else 0))).decode()
            writer.write(
                b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
            )
            if '"role":"tool"' in body:
                await self.call(writer, "do_nothing", ['{"reason": "Done."}'], None)
            else:
                await asyncio.sleep(self.first_seconds)
                number = max(map(int, QUESTION.findall(body)), default=0)
                tokens = ['{"text": "', *answer(number, self.words), '"}']
                await self.call(writer, "send_message", tokens, number)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def call(
        self, writer: asyncio.StreamWriter, name: str, parts: list[str], number: int | None
    ) -> None:
        function = {"name": name, "arguments": ""}
        begun = {"index": 0, "id": "c", "type": "function", "function": function}
        send(writer, {"tool_calls": [begun]})
        for place, arguments in enumerate(parts):
            if number is not None and place == 1:
                self.began.setdefault(number, time.perf_counter())
            send(writer, {"tool_calls": [{"index": 0, "function": {"arguments": arguments}}]})
            await writer.drain()
            if number is not None:
                self.tokens += 1
                await asyncio.sleep(self.seconds)
        send(writer, {}, "tool_calls")
        writer.write(b"data: [DONE]\n\n")
        await writer.drain()


def send(writer: asyncio.StreamWriter, delta: object, finish: str | None = None) -> None:
    choices = [{"index": 0, "delta": delta, "finish_reason": finish}]
    chunk = {"id": "x", "object": "chat.completion.chunk", "model": "x", "choices": choices}
    writer.write(f"data: {json.dumps(chunk)}\n\n".encode())


class Processes:
    """A server and a worker of the program, which can be killed; each is started again at once."""

    def __init__(self, url: str, provider: str, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._given = {
            "DATABASE_URL": url,
            "DATABASE_URL_UNPOOLED": url,
            "BULLPEN_COMPATIBLE_BASE_URL": provider,
            "BULLPEN_MODEL": "compatible:stub",
            "BULLPEN_DATA_DIR": str(folder / "data"),
        }
        self.running: dict[str, Process] = {}
        self.log = (folder / "processes.log").open("w")

    def start(self, name: str) -> None:
        serving = ["--port", str(self.port), "--workers", "1"]
        self.running[name] = start(
            *(["worker"] if name == "worker" else serving),
            cwd=self._folder,
            log=self.log,
            **self._given,
            BULLPEN_AGENTS="on" if name == "worker" else "off",
        )

    async def kill(self, name: str) -> None:
        self.running[name].kill()
        await asyncio.to_thread(self.running[name].wait)
        if name == "server":
            # Its web process ends once it notices that its parent has gone.
            await asyncio.to_thread(until, lambda: is_free(self.port))
        self.start(name)

    async def stop(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            await asyncio.to_thread(process.wait)
        self.log.close()


class Window:
    """What an open window shows, by the place of each answer, and what is wrong about it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.shown: dict[str, str] = {}
        self.sent: dict[str, list[str]] = {}
        self.wrong: list[str] = []
        self._last: int | None = None
        self._opened = asyncio.Event()

    async def open(self) -> None:
        await asyncio.wait_for(self._opened.wait(), 60)

    async def follow(self) -> None:
        while True:
            with suppress(OSError, EOFError):
                await self._read()
            self.shown.clear()
            self._opened.clear()
            await asyncio.sleep(0.1)

    async def _read(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        after = "" if self._last is None else f"?lastEventId={self._last}"
        writer.write(f"GET /api/sse{after} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        try:
            await reader.readuntil(b"\r\n\r\n")
            while True:
                frame = (await reader.readuntil(b"\n\n")).decode()
                if found := re.search(r"^id: (\d+)$", frame, re.MULTILINE):
                    self._last = int(found[1])
                if found := re.search(r"^data: (.*)$", frame, re.MULTILINE):
                    self._take(json.loads(found[1]))
        finally:
            writer.close()

    def _take(self, event: dict) -> None:
        place = event.get("channelId")
        match event["type"]:
            case "hello":
                self.shown.clear()
                self._opened.set()
            case "message.created":
                text = event["message"]["text"]
                if text.startswith("Answer"):
                    self.sent.setdefault(place, []).append(text)
                    self.shown.pop(place, None)
            case "answer.updated" if "text" in event:
                added = event["text"]
                known = self.shown.get(place, "")[: added["offset"]]
                if len(known) < added["offset"]:
                    self.wrong.append(f"a part is missing in {place}")
                self.shown[place] = known + added["text"]
                if not self.shown[place]:
                    del self.shown[place]
                elif any(text.startswith(self.shown[place]) for text in self.sent.get(place, ())):
                    self.wrong.append(f"a part came after its message in {place}")
            case "answer.ended":
                self.shown.pop(place, None)
