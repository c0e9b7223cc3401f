"""The workspace as of an earlier moment: what was there, and who may see it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.support import posting

Acting = Callable[[str], httpx.Client]
Sql = Callable[..., list[Any]]


def now(run_sql: Sql) -> str:
    """The database's clock, which stamps everything."""
    moment: datetime = run_sql("SELECT clock_timestamp()")[0][0]
    return moment.astimezone(UTC).isoformat()


def post(client: httpx.Client, text: str, **place: str) -> str:
    message_id: str = posting.post(client, text, **place).raise_for_status().json()["id"]
    return message_id


def past(client: httpx.Client, at: str, path: str = "channels/general/messages") -> dict[str, Any]:
    found = client.get(f"/api/history/{path}", params={"at": at, "limit": 200})
    answer: dict[str, Any] = found.raise_for_status().json()
    return answer


def test_a_channel_is_shown_as_it_was(acting: Acting, run_sql: Sql):
    pam, jim = acting("pam"), acting("jim")
    before = now(run_sql)
    first = post(pam, "Twelve boxes.")
    jim.post(f"/api/messages/{first}/reactions", json={"emoji": "👍"})
    between = now(run_sql)
    pam.patch(f"/api/messages/{first}", json={"text": "Thirteen boxes."}).raise_for_status()
    pam.patch(f"/api/messages/{first}", json={"text": "Fourteen boxes."}).raise_for_status()
    pam.post(f"/api/messages/{first}/reactions", json={"emoji": "🎉"})
    reply = post(pam, "No, really.", parentMessageId=first)
    second = post(pam, "Delete me.")
    after = now(run_sql)

    assert first not in [m["id"] for m in past(jim, before)["messages"]]
    [then] = [m for m in past(jim, between)["messages"] if m["id"] == first]
    assert then["text"] == "Twelve boxes."
    assert then["reactions"] == [{"emoji": "👍", "userIds": ["jim"]}]
    assert (then["threadReplyCount"], then["isLaterText"]) == (0, False)
    assert past(jim, between, f"messages/{first}/replies")["messages"] == []

    [later] = [m for m in past(jim, after)["messages"] if m["id"] == first]
    assert (later["text"], later["threadReplyCount"]) == ("Fourteen boxes.", 1)
    assert [r["emoji"] for r in later["reactions"]] == ["👍", "🎉"]
    replies = past(jim, after, f"messages/{first}/replies")["messages"]
    assert [(m["id"], m["text"]) for m in replies] == [(reply, "No, really.")]

    # What was deleted is not shown by going back.
    pam.delete(f"/api/messages/{second}").raise_for_status()
    assert second not in [m["id"] for m in past(jim, after)["messages"]]


def test_a_text_that_was_edited_before_texts_were_kept_says_so(acting: Acting, run_sql: Sql):
    pam = acting("pam")
    message_id = post(pam, "Twelve boxes.")
    between = now(run_sql)
    pam.patch(f"/api/messages/{message_id}", json={"text": "Thirteen."}).raise_for_status()
    run_sql("DELETE FROM earlier_texts")
    [found] = [m for m in past(pam, between)["messages"] if m["id"] == message_id]
    assert (found["text"], found["isLaterText"]) == ("Thirteen.", True)


def test_pages_go_back_from_a_moment(acting: Acting, run_sql: Sql):
    pam = acting("pam")
    ids = [post(pam, f"Line {number}") for number in range(5)]
    at = now(run_sql)
    post(pam, "Later")
    path = "/api/history/channels/general/messages"
    newest = pam.get(path, params={"at": at, "limit": 2}).json()
    assert [m["id"] for m in newest["messages"]] == ids[3:]
    assert newest["hasOlder"]
    older = pam.get(path, params={"at": at, "limit": 3, "before": ids[3]}).json()
    assert [m["id"] for m in older["messages"]] == ids[:3]


def test_one_can_step_from_change_to_change(acting: Acting, run_sql: Sql):
    pam = acting("pam")
    post(pam, "One")
    between = now(run_sql)
    block = "/api/agents/jim/memory/persona"
    pam.put(block, json={"content": "Calm."}).raise_for_status()
    path = "/api/history/channels/general/moments"
    found = pam.get(path, params={"at": between}).json()
    assert found["next"] is None
    assert found["earliest"] < found["previous"] < between.replace("+00:00", "Z")
    found = pam.get(path, params={"at": between, "agentId": "jim"}).json()
    [[written]] = run_sql("SELECT max(created_at) FROM memory_block_versions")
    assert datetime.fromisoformat(found["next"]) == written
    again = pam.get(path, params={"at": found["next"], "agentId": "jim"}).json()
    assert again["next"] is None


def test_memory_is_shown_as_it_was(acting: Acting, run_sql: Sql):
    pam = acting("pam")
    block = "/api/agents/jim/memory/persona"
    pam.put(block, json={"content": "Calm."}).raise_for_status()
    run_sql("INSERT INTO archival_passages (agent_id, content) VALUES ('jim', 'Oak')")
    between = now(run_sql)
    pam.put(block, json={"content": "Tired."}).raise_for_status()
    run_sql("INSERT INTO archival_passages (agent_id, content) VALUES ('jim', 'Birch')")
    found = past(pam, between, "agents/jim/memory")
    [persona] = [one for one in found["blocks"] if one["label"] == "persona"]
    assert (persona["content"], persona["userId"]) == ("Calm.", "pam")
    assert found["passages"][0]["content"] == "Oak"
    [persona] = [
        one
        for one in past(pam, now(run_sql), "agents/jim/memory")["blocks"]
        if one["label"] == "persona"
    ]
    assert persona["content"] == "Tired."


def test_private_notes_of_then_are_for_the_readers_of_their_place(acting: Acting, run_sql: Sql):
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('vault', 'vault', 'private')")
    run_sql("INSERT INTO channel_members (channel_id, user_id) VALUES ('vault', 'jim')")
    run_sql(
        "INSERT INTO private_notes (agent_id, label, channel_id, content)"
        " VALUES ('jim', 'persona', 'vault', 'The code is 4711')"
    )
    at = now(run_sql)
    run_sql("UPDATE private_notes SET content = 'Changed', version = version + 1")
    mine = past(acting("jim"), at, "agents/jim/memory")
    assert [(n["content"], n["channelId"]) for n in mine["notes"]] == [
        ("The code is 4711", "vault")
    ]
    assert past(acting("pam"), at, "agents/jim/memory")["notes"] == []


def test_the_queue_is_shown_as_it_was(acting: Acting, run_sql: Sql):
    run_sql(
        """
        INSERT INTO runs (agent_id, channel_id, status, created_at, started_at, completed_at)
        VALUES ('jim', 'general', 'completed', '2026-03-01T10:00Z', '2026-03-01T10:02Z',
                '2026-03-01T10:04Z')
        """
    )

    def states(at: str, **place: str) -> list[tuple[str, str]]:
        found = acting("pam").get("/api/history/queue", params={"at": at} | place)
        return [(run["agentId"], run["state"]) for run in found.raise_for_status().json()["runs"]]

    assert states("2026-03-01T10:01Z", channelId="general", agentId="jim") == [("jim", "waiting")]
    assert states("2026-03-01T10:03Z", agentId="jim") == [("jim", "running")]
    assert states("2026-03-01T10:03Z", agentId="pam") == []
    assert states("2026-03-01T10:05Z", agentId="jim") == []


@pytest.mark.parametrize(
    "path",
    [
        "channels/vault/messages",
        "channels/vault/moments",
        "messages/00000000-0000-4000-8000-000000000001/replies",
    ],
)
def test_a_private_channel_has_no_history_for_others(acting: Acting, run_sql: Sql, path: str):
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('vault', 'vault', 'private')")
    run_sql("INSERT INTO channel_members (channel_id, user_id) VALUES ('vault', 'jim')")
    run_sql(
        "INSERT INTO messages (id, channel_id, user_id, text)"
        " VALUES ('00000000-0000-4000-8000-000000000001', 'vault', 'jim', 'The code is 4711')"
    )
    run_sql("INSERT INTO runs (agent_id, channel_id) VALUES ('jim', 'vault')")
    at = now(run_sql)
    assert past(acting("jim"), at, path)["at" if "moments" not in path else "earliest"]
    refused = acting("pam").get(f"/api/history/{path}", params={"at": at})
    missing = acting("pam").get(
        f"/api/history/{path}".replace("vault", "nothing").replace("000001/", "000002/"),
        params={"at": at},
    )
    assert refused.status_code == missing.status_code == 404
    assert refused.json() == missing.json()
    assert past(acting("pam"), at, "queue")["runs"] == []


@pytest.mark.parametrize("at", ["", "yesterday", "2026-03-04T12:00"])
def test_a_moment_without_its_zone_is_refused(refusing: Acting, at: str):
    found = refusing("pam").get("/api/history/queue", params={"at": at})
    assert found.status_code == 400
