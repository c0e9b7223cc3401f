"""Texts that are hard on patterns and parsers, at 40,000 characters, in every place of the API.

For each place the slowest answer and its text; for the scripted agents, the slowest run.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import asyncpg
import httpx
from bench.place import make_database, server
from tests.support.fixtures import fill_template
from tests.support.pathological import texts

from bullpen.kit.postgres import EmbeddedPostgres

MOST_MS = 200.0
Call = Callable[[httpx.Client, str], httpx.Response]


def message(channel: str, text: str) -> dict[str, Any]:
    return {"channelId": channel, "text": text}


NAMES = {"id": "agent", "title": "x", "avatarColor": "#112233", "systemPrompt": "x"}
PLAN = {"agentId": "toby", "prompt": "x"}
PLACES: dict[str, Call] = {
    "message": lambda c, text: c.post("/api/messages", json=message("general", text)),
    "direct message": lambda c, text: c.post("/api/messages", json=message("dm-michael-jim", text)),
    "channel's name": lambda c, text: c.post(
        "/api/channels", json={"id": "x", "name": text, "kind": "public"}
    ),
    "agent's name": lambda c, text: c.post("/api/agents", json=NAMES | {"displayName": text}),
    "persona": lambda c, text: c.patch("/api/agents/toby", json={"systemPrompt": text}),
    "status": lambda c, text: c.put(
        "/api/users/michael/status", json={"emoji": text, "text": text}
    ),
    "query": lambda c, text: c.get("/api/search", params={"q": text[:400]}),
    "whole query": lambda c, text: c.get("/api/search", params={"q": text[:5_000]}),
    "cron": lambda c, text: c.post("/api/recurring", json=PLAN | {"cron": text}),
    "short cron": lambda c, text: c.post("/api/recurring", json=PLAN | {"cron": text[:200]}),
    "time zone": lambda c, text: c.post(
        "/api/recurring", json=PLAN | {"cron": "0 9 * * *", "timeZone": text[:100]}
    ),
    "memory": lambda c, text: c.put("/api/agents/toby/memory/notes", json={"content": text}),
    "archive": lambda c, text: c.post("/api/agents/toby/archival", json={"content": text}),
    "archive's query": lambda c, text: c.get("/api/agents/toby/archival", params={"q": text[:500]}),
    "search in it": lambda c, _: c.get("/api/search", params={"q": "a"}),
    "page": lambda c, _: c.get("/api/channels/general/messages"),
    "prompt": lambda c, _: c.get("/api/agents/toby/prompt"),
}
RUNS = """
SELECT EXTRACT(epoch FROM r.completed_at - r.started_at) * 1000, left(m.text, 20)
FROM runs r LEFT JOIN messages m ON m.id = r.trigger_message_id
WHERE r.started_at > now() - interval '1 hour' AND r.completed_at IS NOT NULL
ORDER BY 1 DESC LIMIT 3
"""
OPEN = "SELECT count(*) FROM mailbox"


def timed(client: httpx.Client, call: Call, text: str) -> float:
    """The better of two: the machine may be busy with something else."""
    best = float("inf")
    for _ in range(2):
        begun = time.perf_counter()
        answer = call(client, text)
        best = min(best, (time.perf_counter() - begun) * 1000)
        if answer.status_code >= 500:
            return float("inf")
        if best < MOST_MS / 4:
            break
    return best


async def after_all(url: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        while await connection.fetchval(OPEN):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.5)
        return list(await connection.fetch(RUNS))
    finally:
        await connection.close()


def pathological(postgres: EmbeddedPostgres) -> None:
    url = make_database(postgres, "bench_pathological")
    asyncio.run(fill_template(url))
    worst: dict[str, tuple[float, str]] = {}
    found = texts()
    with (
        server(url, 1) as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client,
    ):
        client.put("/api/session", json={"userId": "michael"})
        for name, text in found.items():
            for place, call in PLACES.items():
                worst[place] = max(worst.get(place, (0.0, "")), (timed(client, call, text), name))
    # The same to agents, of every third kind: they answer one after the other.
    with (
        server(url, 1, agents="on") as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client,
    ):
        client.put("/api/session", json={"userId": "michael"})
        for text in list(found.values())[::3]:
            PLACES["direct message"](client, text)
        runs = asyncio.run(after_all(url))
    print(f"{len(found)} kinds of text, 40,000 characters each (target: at most {MOST_MS:.0f} ms)")
    for place, (milliseconds, name) in sorted(worst.items(), key=lambda item: -item[1][0]):
        print(f"{place:>16}: {milliseconds:6.0f} ms at most ({name})")
    for milliseconds, text in runs:
        print(f"{'a run':>16}: {milliseconds:6.0f} ms, of {text!r}")
