"""What agents know, over the API: blocks with versions, who shares them, and the archive."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import pytest


def block(client, agent_id: str, label: str):
    return next(
        b for b in client.get(f"/api/agents/{agent_id}/memory").json() if b["label"] == label
    )


@pytest.mark.ac("1.3.5")
def test_an_agents_own_blocks_come_before_what_others_share_with_it(reader):
    listed = reader("jim").get("/api/agents/dwight/memory").json()
    assert [(b["agentId"], b["label"]) for b in listed] == [
        ("dwight", "current_state"),
        ("dwight", "personality"),
        ("dwight", "relationships"),
        ("pam", "office_news"),
    ]
    assert listed[0]["remaining"] == 10_000 - len(listed[0]["content"])
    assert reader("jim").get("/api/agents/nobody/memory").status_code == 404


def test_a_write_leaves_a_version_and_undo_adds_one(acting):
    jim = acting("jim")
    path = "/api/agents/dwight/memory/current_state"
    first = block(jim, "dwight", "current_state")
    assert jim.put(path, json={"content": "Calm."}).json()["version"] == 2
    versions = jim.get(f"{path}/versions").json()
    assert [(v["version"], v["content"], v["userId"]) for v in versions["versions"]] == [
        (2, "Calm.", "jim"),
        (1, first["content"], versions["versions"][1]["userId"]),
    ]
    restored = jim.post(f"{path}/restore", json={"version": 1}).json()
    assert (restored["version"], restored["content"]) == (3, first["content"])
    page = jim.get(f"{path}/versions", params={"limit": 1}).json()
    assert ([v["version"] for v in page["versions"]], page["nextCursor"]) == ([3], 3)


def test_who_read_an_older_version_is_told_what_there_is_now(acting):
    jim = acting("jim")
    path = "/api/agents/dwight/memory/current_state"
    assert jim.put(path, json={"content": "Mine.", "version": 1}).status_code == 200
    refused = jim.put(path, json={"content": "Theirs.", "version": 1})
    assert refused.status_code == 409
    assert refused.json()["details"]["current"]["content"] == "Mine."
    assert jim.put(path, json={"content": "By force."}).json()["version"] == 3


def test_a_shared_block_is_one_block(acting):
    jim = acting("jim")
    jim.put("/api/agents/dwight/memory/office_news", json={"content": "Cake at four."})
    assert block(jim, "pam", "office_news")["content"] == "Cake at four."
    assert jim.delete("/api/agents/dwight/memory/office_news").status_code == 403
    refused = jim.delete("/api/agents/pam/memory/office_news")
    assert refused.status_code == 409
    links = jim.put("/api/agents/pam/memory/office_news/links", json={"agentIds": ["kevin"]})
    assert links.json()["sharedWith"] == ["kevin"]
    assert "office_news" not in {b["label"] for b in jim.get("/api/agents/dwight/memory").json()}
    body = {"content": "Mine alone.", "isShared": False}
    assert jim.put("/api/agents/pam/memory/office_news", json=body).json()["sharedWith"] == []
    assert jim.delete("/api/agents/pam/memory/office_news").status_code == 200


def test_a_shared_block_is_deleted_by_force(acting):
    path = "/api/agents/pam/memory/office_news?force=true"
    assert acting("jim").delete(path).status_code == 200


def test_a_block_that_is_too_long_is_refused(acting):
    jim = acting("jim")
    path = "/api/agents/dwight/memory/current_state"
    assert jim.put(path, json={"content": "x" * 10_001}).status_code == 400
    assert jim.put(path, json={"content": "x" * 10_000}).json()["remaining"] == 0


@pytest.mark.timeout(300)
def test_a_thousand_writers_of_one_block_lose_nothing(server, run_sql):
    """Each writes what it read plus one. At any time twenty of them are at work, so that each
    write that is accepted overtakes at most nineteen."""
    place = server.address.removeprefix("http://")

    def write_fifty_times(_: int) -> int:
        accepted = 0
        # A plain connection: the clients' own work is most of what this test would cost.
        with closing(HTTPConnection(place, timeout=60)) as connection:

            def ask(method: str, path: str, body: Any = None) -> tuple[int, Any]:
                headers = {"Content-Type": "application/json"}
                connection.request(method, path, body and json.dumps(body), headers)
                answer = connection.getresponse()
                return answer.status, json.loads(answer.read())

            _, blocks = ask("GET", "/api/agents/dwight/memory")
            version = next((b["version"] for b in blocks if b["label"] == "tally"), 0)
            for _ in range(50):
                body = {"content": f"{version + 1}", "version": version}
                status, answered = ask("PUT", "/api/agents/dwight/memory/tally", body)
                assert status in {200, 409}, answered
                accepted += status == 200
                # Who is refused is told what there is now.
                version = (answered if status == 200 else answered["details"]["current"])["version"]
        return accepted

    with ThreadPoolExecutor(20) as writers:
        accepted = sum(writers.map(write_fifty_times, range(20)))
    assert accepted >= 50
    sql = """SELECT v.version, v.content FROM memory_block_versions v
        JOIN memory_blocks b ON b.id = v.block_id WHERE b.label = 'tally' ORDER BY v.version"""
    assert [tuple(row) for row in run_sql(sql)] == [(n, str(n)) for n in range(1, accepted + 1)]


def test_an_archive_is_searched_by_words_phrases_and_beginnings(acting):
    jim = acting("jim")
    for text in (
        "Beets need sandy soil.",
        "The soil froze before the beets came in.",
        "A quiet day.",
    ):
        made = jim.post("/api/agents/kelly/archival", json={"content": text, "tags": ["farm"]})
        assert made.status_code == 201

    def found(**query: str) -> list[str]:
        answered = jim.get("/api/agents/kelly/archival", params=query).json()
        return [p["content"][:8] for p in answered["passages"]]

    assert sorted(found(q="beet")) == ["Beets ne", "The soil"]
    assert found(q='"sandy soil"') == ["Beets ne"]
    assert found(q="soil -frozen -froze") == ["Beets ne"]
    assert found(q="sand*", tags="farm") == ["Beets ne"]
    assert found(q="sand*", tags="office") == []
    assert found(q="roz") == ["The soil"]
    assert found(tags="farm") == ["A quiet ", "The soil", "Beets ne"]
    hit = jim.get("/api/agents/kelly/archival", params={"q": "sandy"}).json()["passages"][0]
    assert [s["text"] for s in hit["snippet"] if s["hit"]] == ["sandy"]
    assert jim.get("/api/agents/kelly/archival", params={"cursor": "x"}).status_code == 400
    assert jim.delete(f"/api/agents/kevin/archival/{hit['id']}").status_code == 404
    assert jim.delete(f"/api/agents/kelly/archival/{hit['id']}").status_code == 200
    assert found(q="sandy") == []


@pytest.mark.parametrize("q", ["", "beets", "eet"])
def test_pages_of_an_archive_hold_each_passage_once(acting, q: str):
    jim = acting("jim")
    for number in range(7):
        text = f"Beets, number {number}"
        jim.post("/api/agents/creed/archival", json={"content": text, "tags": ["seven"]})
    seen, cursor = [], None
    while True:
        query = {"q": q, "tags": "seven", "limit": 3} | ({"cursor": cursor} if cursor else {})
        answered = jim.get("/api/agents/creed/archival", params=query).json()
        seen += [p["content"] for p in answered["passages"]]
        cursor = answered["nextCursor"]
        if cursor is None:
            break
    assert seen == [f"Beets, number {number}" for number in reversed(range(7))]
