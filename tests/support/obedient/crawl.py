"""Reads everything that one person can ask for, and looks for what they must not know."""

import json
import queue
from collections.abc import Iterator
from typing import Any

import httpx
from tests.support.obedient.office import WORD, Office, RunSql
from tests.support.streams import Event, Listening

PAGES = ("/", "/c/general", "/a/kevin?tab=memory", "/search?q=zephyr", "/settings")


def leaks(office: Office, person: str, where: str, text: str) -> list[str]:
    if "\\u" in text:
        # Emoji as JSON may have them.
        text += json.dumps(text).encode().decode("unicode_escape", errors="ignore")
    return [
        f"{person} was shown the secret of {place.id} by {where}"
        for secret, place in office.hidden_from(person).items()
        if secret in text
    ]


def waiting(stream: Listening) -> Iterator[Event]:
    """What has come so far."""
    while True:
        try:
            got = stream._got.get(timeout=0.2)
        except queue.Empty:
            return
        if isinstance(got, dict):
            yield got


def nothing_before(office: Office, clients: dict[str, httpx.Client]) -> None:
    """The signs are nobody else's, so finding one means something."""
    text = "".join(client.get(f"/api/search?q={WORD}").text for client in clients.values())
    text += next(iter(clients.values())).get("/api/users").text
    assert not any(place.sign in text or place.secret in text for place in office.private)


def paths(office: Office, run_sql: RunSql, most: int) -> Iterator[str]:
    """Every route that answers with something to read, for every object there is."""
    yield from ("/api/users", "/api/agents", "/api/agents?active=false", "/api/channels")
    yield from (
        "/api/unreads",
        "/api/unreads/cursors",
        "/api/sidebar",
        "/api/scheduled",
        "/api/recurring",
    )
    yield from ("/api/runs?limit=200", "/api/budgets", "/api/providers", "/api/session")
    for word in (WORD, *(place.secret for place in office.private)):
        yield f"/api/search?q={word}&limit=50"
    for place in office.places:
        channel = f"/api/channels/{place.id}"
        yield from (channel, f"{channel}/messages?limit=200", f"{channel}/members")
        yield from (f"{channel}/policies", f"/api/search?q={WORD}&in={place.id}&sort=newest")
        yield from (f"/api/messages/{place.root}", f"/api/messages/{place.root}/replies")
    for agent in office.people:
        base = f"/api/agents/{agent}"
        yield from (base, f"/api/users/{agent}", f"{base}/memory", f"{base}/notes")
        yield from (f"{base}/archival?limit=200", f"{base}/archival?q={WORD}&limit=200")
        yield from (f"{base}/queue", f"{base}/prompt", f"/api/runs?agentId={agent}&limit=200")
        yield from (f"/api/scheduled?agentId={agent}", f"/api/recurring?agentId={agent}")
        yield from (f"{base}/prompt?channelId={place.id}" for place in office.places)
        for place in office.private:
            if agent in place.members:
                yield f"{base}/archival?q={place.secret}"
                yield f"{base}/archival?tags={place.secret}"
    for agent_id, label in run_sql("SELECT agent_id, label FROM memory_blocks ORDER BY 1, 2"):
        yield f"/api/agents/{agent_id}/memory/{label}/versions?limit=200"
    for agent_id, place_id, label in run_sql(
        "SELECT agent_id, channel_id, label FROM private_notes ORDER BY 1, 2, 3 LIMIT $1", most
    ):
        yield f"/api/agents/{agent_id}/notes/{place_id}/{label}/versions"
    # Of each place some, so that none is left out.
    for run_id, steps in run_sql(
        "SELECT id, steps FROM (SELECT r.id, (SELECT count(*) FROM run_steps WHERE run_id = r.id),"
        " row_number() OVER (PARTITION BY r.channel_id, r.agent_id ORDER BY r.created_at, r.id)"
        " AS place FROM runs r JOIN run_details d ON d.run_id = r.id) r (id, steps, place)"
        " ORDER BY place, id LIMIT $1",
        most,
    ):
        yield from (f"/api/runs/{run_id}", f"/api/runs/{run_id}/account")
        yield from (f"/api/runs/{run_id}/steps/{number + 1}/request" for number in range(steps))


def probes(office: Office, run_sql: RunSql) -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    """Writes that answer with what is there, or with why not."""
    for agent_id, place_id, label in run_sql(
        "SELECT agent_id, channel_id, label FROM private_notes ORDER BY 1, 2, 3 LIMIT 20"
    ):
        path = f"/api/agents/{agent_id}/notes/{place_id}/{label}"
        yield "PUT", path, {"content": "Mine", "version": 99}
        yield "POST", f"{path}/restore", {"version": 99}
    for (passage_id,) in run_sql("SELECT passage_id FROM passage_places LIMIT 0"):
        yield "DELETE", f"/api/agents/kevin/archival/{passage_id}", None
    for agent in office.people:
        yield "PUT", f"/api/agents/{agent}/memory/current_state", {"content": "x", "version": 999}
    for place in office.places:
        message = {"channelId": place.id, "text": "Hello", "parentMessageId": place.root}
        yield "PATCH", f"/api/messages/{place.root}", {"text": "Not mine"}
        yield "POST", "/api/messages", message | {"id": place.root}
        yield "POST", f"/api/messages/{place.root}/reactions", {"emoji": "👍"}
        yield "POST", "/api/unreads/mark-read", {"channelId": place.id}
    for (run_id,) in run_sql("SELECT id FROM runs ORDER BY id LIMIT 20"):
        yield "POST", f"/api/runs/{run_id}/cancel", {}


def search_all(
    office: Office, person: str, client: httpx.Client, run_sql: RunSql, most: int, found: list[str]
) -> int:
    """How many answers were searched."""
    answers = 0
    asked = [("GET", path, None) for path in (*PAGES, *paths(office, run_sql, most))]
    for method, path, body in [*asked, *probes(office, run_sql)]:
        answer = client.request(method, path, json=body)
        assert answer.status_code < 500, (method, path, answer.text)
        answers += 1
        text = answer.text + str(answer.headers)
        # What was asked for is not an answer.
        for place in office.private:
            if place.secret in path:
                text = text.replace(path, "")
        found += leaks(office, person, f"{method} {path}", text)
    return answers
