"""Runs of the fuzz: the real worker and database, and a provider that answers by case."""

import asyncio
import json
import logging
import re
import socket
from collections import Counter
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from pydantic_ai import models
from tests.support.asking import post_in_turn
from tests.support.provider_cases import ADVICE, ASKED, SECRET, case_of, done

from bullpen.agents.model_settings import ModelSettings
from bullpen.agents.providers import Providers
from bullpen.agents.responder import WorkspaceResponder
from bullpen.agents.worker import Worker
from bullpen.kit.database import Database

MODELS = {"openai": "compatible:some-model", "anthropic": "anthropic:some-model"}
FORMS = tuple(MODELS)
NUMBER = re.compile(r"This is case (\d+)\.")
PREPARE = (
    "UPDATE scheduled_messages SET status = 'cancelled' WHERE status = 'pending'",
    "DELETE FROM messages",
)
FORMED = "UPDATE agents SET max_turns = 6, model_id = $2 WHERE id = $1"
OUTCOME = """
SELECT r.agent_id, r.status, r.stop_reason, d.problem,
    (SELECT count(*) FROM run_steps s WHERE s.run_id = r.id AND s.status = 'running') AS open,
    ARRAY(SELECT m.text FROM run_posts p JOIN messages m ON m.id = p.message_id
          LEFT JOIN run_notices n ON n.message_id = m.id
          WHERE p.run_id = r.id AND n.message_id IS NULL) AS posts,
    ARRAY(SELECT m.text FROM run_posts p JOIN messages m ON m.id = p.message_id
          JOIN run_notices n ON n.message_id = m.id WHERE p.run_id = r.id) AS notices,
    (SELECT string_agg(content, ' ') FROM run_messages t WHERE t.run_id = r.id
        AND message_type = 'system_message' AND step_id IS NOT NULL) AS told
FROM runs r JOIN run_details d ON d.run_id = r.id WHERE r.trigger_message_id = $1
"""


DMS = """
SELECT a.id, c.id FROM agents a
JOIN channels c ON c.id IN ('dm-michael-' || a.id, 'dm-' || a.id || '-michael') ORDER BY a.id
"""
MOST_WORDS = 700


class Stub:
    """Speaks HTTP by hand: no server would send what some of these cases are."""

    def __init__(self) -> None:
        self.cases = {}

    async def handle(self, reader, writer) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(re.search(rb"(?i)content-length: *(\d+)", head)[1])
                body = (await reader.readexactly(length)).decode()
                if not await self.answer(body, writer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def answer(self, body: str, writer) -> bool:
        case = self.cases[max(map(int, NUMBER.findall(body)))]
        # Also what it is told back must be what providers take.
        json.loads(body)
        results = body.count('"tool_result"') + body.count('"role":"tool"')
        is_first = results == 0 or case.reasons == ("invalid_tool_call",)
        if not is_first:
            return await send(writer, 200, done(case.form), {}, None)
        if case.delay:
            await asyncio.sleep(case.delay)
        return await send(writer, case.status, case.body, case.headers, case.cut)


async def send(writer, status, content, headers, cut) -> bool:
    lines = [f"HTTP/1.1 {status} X", f"content-length: {len(content)}"]
    lines += ["content-type: application/json", *(f"{k}: {v}" for k, v in headers.items())]
    head = "\r\n".join(lines).encode() + b"\r\n\r\n"
    # A 304 has no body.
    writer.write(head + (b"" if status == 304 else content[:cut]))
    await writer.drain()
    return cut is None


class Logged(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said = []

    def emit(self, record) -> None:
        self.said.append(self.format(record))


@asynccontextmanager
async def answering(database, stub, seconds):
    listener = socket.create_server(("127.0.0.1", 0))
    server = await asyncio.start_server(stub.handle, sock=listener)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    keys = ModelSettings(
        anthropic_api_key=SECRET,
        anthropic_base_url=address,
        compatible_base_url=address,
        compatible_api_key=SECRET,
        seconds=seconds,
    )
    providers = Providers(keys, database)
    providers.preload()
    worker = Worker(
        database,
        None,
        WorkspaceResponder(providers.runtime_for),
        lambda: datetime.now(UTC),
        at_once=8,
    )
    stopping = asyncio.Event()
    task = asyncio.create_task(worker.run(stopping))
    try:
        yield
    finally:
        stopping.set()
        await task
        await providers.close()
        server.close()


async def play(url: str, seed: int, number: int, *, seconds: float = 1.5):
    """Plays so many cases; answers how many of each kind ended how, and what was wrong."""
    database = await Database.open(url)
    played, logged = Play(database, seed, seconds), Logged()
    logging.getLogger("bullpen").addHandler(logged)
    try:
        agents = await played.prepare()
        async with answering(database, played.stub, seconds):
            for first in range(0, number, len(agents)):
                with models.override_allow_model_requests(True):
                    await played.ask(dict(zip(agents, range(first, number), strict=False)))
    finally:
        logging.getLogger("bullpen").removeHandler(logged)
        await database.close()
    return played.ended, played.wrong + [f"logged: {said}" for said in logged.said]


class Play:
    def __init__(self, database, seed, seconds) -> None:
        self.database, self.seed, self.seconds = database, seed, seconds
        self.stub, self.ended, self.wrong = Stub(), Counter(), []

    async def prepare(self):
        """The agents that ask, by their DMs with Michael: every other in the other form."""
        for statement in PREPARE:
            await self.database.write(statement)
        rows = await self.database.fetch(DMS)
        agents = [tuple(row) for row in rows][: len(rows) // 2 * 2]
        for place, (agent, _) in enumerate(agents):
            await self.database.write(FORMED, agent, MODELS[FORMS[place % 2]])
        return agents

    async def ask(self, batch) -> None:
        messages = {}
        for (_, channel), number in batch.items():
            form = FORMS[number % 2]
            self.stub.cases[number] = case_of(self.seed, number, form, self.seconds * 3)
            # Notices are given once in ten minutes: each case is to have its own.
            await self.database.write("DELETE FROM messages WHERE channel_id = $1", channel)
            text = ASKED.format(number=number)
            async with self.database.transaction() as connection:
                messages[number] = await post_in_turn(connection, "michael", channel, text)
        await self.settled()
        for number, message_id in messages.items():
            case = self.stub.cases.pop(number)
            rows = await self.database.fetch(OUTCOME, message_id)
            problems = judged(case, rows[0]) if len(rows) == 1 else [f"{len(rows)} runs"]
            self.ended[case.kind, rows[0]["stop_reason"] if rows else "none"] += 1
            self.wrong += [f"{number} ({case.form}, {case.kind}): {one}" for one in problems]

    async def settled(self) -> None:
        async with asyncio.timeout(60 + self.seconds * 10):
            while await self.database.fetch("SELECT FROM mailbox LIMIT 1"):  # noqa: ASYNC110
                await asyncio.sleep(0.02)


def judged(case, row) -> list[str]:
    """What is wrong with how the run ended."""
    return [*ending(case, row), *wording(row)]


def ending(case, row) -> list[str]:
    found = []
    reason, problem, posts = row["stop_reason"], row["problem"], row["posts"]
    if row["open"] or row["status"] not in ("completed", "failed"):
        found.append(f"status {row['status']}, {row['open']} steps open")
    if reason not in case.reasons:
        found.append(f"ended with {reason}: {problem}; expected {case.reasons}")
    if case.sends is not None and (posts == [case.said]) is not case.sends:
        found.append(f"sent {posts}")
    if (reason == "end_turn") is not (problem is None):
        found.append(f"{reason} with the words {problem}")
    if reason != "end_turn" and not posts and len(row["notices"]) != 1:
        found.append(f"{len(row['notices'])} notices of {reason}")
    return found


def wording(row) -> list[str]:
    found = []
    for words in (row["problem"], row["told"], *row["notices"]):
        if words is None:
            continue
        if not any(advice in words.lower() for advice in ADVICE):
            found.append(f"no advice in: {words}")
        if re.search(r"\blogs?\b", words) or "Traceback" in words:
            found.append(f"refers to a log: {words}")
        if SECRET in words or len(words) > MOST_WORDS:
            found.append(f"too much said: {words[:900]}")
    return found
