"""Texts that are hard on patterns and parsers, at 40,000 characters, in every place of the API.

What counts is processor time, of the server, its worker and its connections to Postgres, so that
what else the machine does matters little. For each place the worst kinds; an error where one of
them takes more than the bound. `python -m bench pathological` prints it.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from bench.place import make_database, server_process
from tests.support.fixtures import fill_template
from tests.support.pathological import texts

from bullpen.kit.postgres import EmbeddedPostgres

MOST_MS = 200.0
# So many kinds at a time; what is left of a portion stays in the workspace.
PORTION = 30
SHOWN = 3
# A run of an agent takes as long as it takes to type its answer: of each so many kinds, one.
ASKED = 6
PATIENCE = 120
Call = Callable[[httpx.Client, str], httpx.Response]


def message(channel: str, text: str) -> dict[str, Any]:
    return {"channelId": channel, "text": text}


NAMES = {"id": "agent", "title": "x", "avatarColor": "#112233", "systemPrompt": "x"}
PLAN = {"agentId": "toby", "prompt": "x"}
AGENT = "/api/agents/toby"


def search(text: str) -> dict[str, str]:
    return {"q": text.strip()[:400] or "x"}


PLACES: dict[str, Call] = {
    "message": lambda c, text: c.post("/api/messages", json=message("general", text)),
    "direct message": lambda c, text: c.post("/api/messages", json=message("dm-michael-jim", text)),
    "search that finds it": lambda c, text: c.get("/api/search", params=search(text)),
    "search for its first word": lambda c, text: c.get(
        "/api/search", params={"q": (text.split() or ["x"])[0][:100] + "*"}
    ),
    "page of messages": lambda c, _: c.get("/api/channels/general/messages"),
    "channel's name": lambda c, text: c.post(
        "/api/channels", json={"id": "x", "name": text, "kind": "public"}
    ),
    "channel's topic": lambda c, text: c.patch("/api/channels/general", json={"topic": text}),
    "agent's name": lambda c, text: c.post("/api/agents", json=NAMES | {"displayName": text}),
    "persona": lambda c, text: c.patch(AGENT, json={"systemPrompt": text}),
    "prompt preview": lambda c, _: c.get(f"{AGENT}/prompt"),
    "status": lambda c, text: c.put(
        "/api/users/michael/status", json={"emoji": text, "text": text}
    ),
    "query that is too long": lambda c, text: c.get("/api/search", params={"q": text[:5_000]}),
    "cron": lambda c, text: c.post("/api/recurring", json=PLAN | {"cron": text}),
    "short cron": lambda c, text: c.post("/api/recurring", json=PLAN | {"cron": text[:200]}),
    "time zone": lambda c, text: c.post(
        "/api/recurring", json=PLAN | {"cron": "0 9 * * *", "timeZone": text[:100]}
    ),
    "memory block": lambda c, text: c.put(f"{AGENT}/memory/notes", json={"content": text}),
    "passage": lambda c, text: c.post(f"{AGENT}/archival", json={"content": text}),
    "archive search": lambda c, text: c.get(f"{AGENT}/archival", params=search(text)),
    "archive": lambda c, _: c.get(f"{AGENT}/archival"),
}
CONNECTIONS = "SELECT pid FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()"
OPEN = "SELECT count(*) FROM mailbox"
WAITING = 0.05
CONTROLS = 3
ANSWER = "what it adds to an answer"
NO_LIMITS = {"BULLPEN_KILOBYTES_PER_MINUTE": "0", "BULLPEN_CHANGES_PER_MINUTE": "0"}


def family(pid: int) -> list[int]:
    """The process and what it has started."""
    parents: dict[int, list[int]] = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name, in parentheses, may hold anything.
            parents[int(stat.read_text().rpartition(")")[2].split()[1])].append(int(stat.parts[2]))
        except OSError:
            continue
    found = [pid]
    for one in found:
        found += parents[one]
    return found


def spent(pid: int) -> float:
    """Milliseconds that its threads have run."""
    total = 0
    for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            total += int(task.read_text().split()[0])
        except OSError:
            continue
    return total / 1e6


class Clock:
    """The processor time, in milliseconds, of a server and its connections."""

    def __init__(self, server: int, connection: asyncpg.Connection, name: str) -> None:
        self.server = server
        self.connection = connection
        self.name = name
        self.pids: list[int] = []

    async def look(self) -> None:
        """Which processes there are now: to find them takes longer than to read their time."""
        connections = await self.connection.fetch(CONNECTIONS, self.name)
        self.pids = [*family(self.server), *(row[0] for row in connections)]

    def now(self) -> float:
        return sum(map(spent, self.pids))


class Worst:
    """Of each place what took longest."""

    def __init__(self) -> None:
        self.taken: dict[str, list[tuple[float, str]]] = defaultdict(list)

    def add(self, place: str, milliseconds: float, kind: str) -> None:
        self.taken[place].append((milliseconds, kind))

    def print(self) -> None:
        worst = {place: sorted(taken, reverse=True)[:SHOWN] for place, taken in self.taken.items()}
        for place, taken in sorted(worst.items(), key=lambda item: -item[1][0][0]):
            kinds = ", ".join(f"{kind} {milliseconds:.0f}" for milliseconds, kind in taken)
            print(f"{place:>26}  {kinds}")

    def over(self) -> list[str]:
        return [
            f"{place} ({kind}): {milliseconds:.0f} ms"
            for place, taken in self.taken.items()
            for milliseconds, kind in taken
            if milliseconds > MOST_MS
        ]


async def measure(clock: Clock, client: httpx.Client, worst: Worst, kinds: dict[str, str]) -> None:
    for kind, text in kinds.items():
        await clock.look()
        for place, call in PLACES.items():
            before = clock.now()
            answer = call(client, text)
            taken = clock.now() - before
            if answer.status_code >= 500 or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
                raise SystemExit(f"{place} ({kind}): {answer.status_code} {answer.text[:200]}")
            worst.add(place, taken, kind)


async def ask(clock: Clock, client: httpx.Client, worst: Worst, kinds: dict[str, str]) -> None:
    """Everything that a message to an agent brings about, until the agent has answered."""
    for kind, text in kinds.items():
        if not text.strip():
            continue
        await clock.look()
        before = clock.now()
        PLACES["direct message"](client, text)
        begun = time.monotonic()
        while await clock.connection.fetchval(OPEN):
            if time.monotonic() - begun > PATIENCE:
                raise SystemExit(f"no answer to {kind} within {PATIENCE} s")
            await asyncio.sleep(WAITING)
        worst.add(ANSWER, clock.now() - before, kind)


@contextmanager
def client_of(port: int) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
        client.put("/api/session", json={"userId": "michael"})
        yield client


async def run(url: str, name: str) -> Worst:
    await fill_template(url)
    kinds = texts()
    names = list(kinds)
    worst = Worst()
    connection = await asyncpg.connect(url)
    with server_process(url, 1, limits=NO_LIMITS) as (port, pid), client_of(port) as client:
        clock = Clock(pid, connection, name)
        # What only the first request of its kind loads.
        await measure(clock, client, Worst(), {"plain": "paper"})
        for first in range(0, len(names), PORTION):
            portion = names[first : first + PORTION]
            begun = time.monotonic()
            await measure(clock, client, worst, {kind: kinds[kind] for kind in portion})
            seconds = time.monotonic() - begun
            done = min(first + PORTION, len(names))
            print(f"  {done} of {len(names)} kinds ({seconds:.0f} s)", flush=True)
    with server_process(url, 1, "on", NO_LIMITS) as (port, pid), client_of(port) as client:
        clock = Clock(pid, connection, name)
        control = Worst()
        for _ in range(CONTROLS):
            await ask(clock, client, control, {"plain": "paper"})
        await ask(clock, client, worst, {kind: kinds[kind] for kind in names[::ASKED]})
        # An answer is many steps of several processes: what counts is what the text adds to them.
        short = min(milliseconds for milliseconds, _ in control.taken[ANSWER])
        worst.taken[ANSWER] = [(taken - short, kind) for taken, kind in worst.taken[ANSWER]]
    await connection.close()
    return worst


def pathological(postgres: EmbeddedPostgres) -> None:
    name = "bench_pathological"
    worst = asyncio.run(run(make_database(postgres, name), name))
    print(f"Milliseconds of processor time, at most {MOST_MS:.0f}, by 40,000 characters of:")
    worst.print()
    if over := worst.over():
        raise SystemExit("\n".join(["over the bound:", *over]))
