"""Archived channels: read by those who could, written by nobody, restored or deleted for good."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.support.asking import post
from tests.support.fixtures import complete
from tests.support.streams import listening

from bullpen.agents.scheduler import fire_due
from bullpen.kit.database import Database

ARCHIVED = (409, "channel_archived")


def outcome(answer):
    return answer.status_code, answer.json().get("code") if answer.is_error else None


@pytest.fixture
def pam(acting):
    """#random is archived, after a message that says "stapler"."""
    client = acting("pam")
    said = client.post("/api/messages", json={"channelId": "random", "text": "My stapler!"})
    assert said.status_code == 201
    archived = client.post("/api/channels/random/archive")
    assert archived.status_code == 200
    assert archived.json()["isArchived"] is True
    return client


def stapler(client):
    [hit] = client.get("/api/search", params={"q": "stapler in:random"}).json()["hits"]
    return hit["message"]["id"]


def test_it_is_listed_apart_and_can_be_read_and_found(pam):
    ids = [channel["id"] for channel in pam.get("/api/channels").json()]
    assert "general" in ids
    assert "random" not in ids
    assert [c["id"] for c in pam.get("/api/channels?archived=true").json()] == ["random"]
    newest = pam.get("/api/channels/random/messages").json()[-1]
    assert newest["id"] == stapler(pam)


def test_nothing_is_added_to_it(pam, acting, run_sql):
    message = stapler(pam)
    plan = {"agentId": "jim", "triggerAt": "2999-01-01T00:00:00Z", "prompt": "Go"}
    there = plan | {"targetChannelId": "random"}
    run_sql("DELETE FROM channel_members WHERE channel_id = 'random' AND user_id = 'kevin'")
    refused = {
        "post": pam.post("/api/messages", json={"channelId": "random", "text": "Hello?"}),
        "reply": pam.post(
            "/api/messages",
            json={"channelId": "random", "text": "Hello?", "parentMessageId": message},
        ),
        "edit": pam.patch(f"/api/messages/{message}", json={"text": "No stapler"}),
        "react": pam.post(f"/api/messages/{message}/reactions", json={"emoji": "👋"}),
        "join": acting("kevin").post("/api/channels/random/members", json={"userId": "kevin"}),
        "policy": pam.put("/api/channels/random/policies/jim", json={"policy": "none"}),
        "plan": pam.post("/api/scheduled", json=there),
    }
    assert {what: outcome(answer) for what, answer in refused.items()} == dict.fromkeys(
        refused, ARCHIVED
    )
    assert pam.get(f"/api/messages/{message}").json()["text"] == "My stapler!"
    # Somebody may still take back what they wrote.
    assert outcome(pam.delete(f"/api/messages/{message}")) == (200, None)


def test_a_restored_channel_is_as_it_was(pam):
    again = pam.post("/api/channels/random/restore")
    assert "isArchived" not in again.json()
    assert "random" in [channel["id"] for channel in pam.get("/api/channels").json()]
    assert pam.get("/api/channels?archived=true").json() == []
    said = pam.post("/api/messages", json={"channelId": "random", "text": "Back"})
    assert said.status_code == 201


def test_archiving_cancels_the_runs_there_and_no_others(acting, run_sql):
    post(run_sql, "pam", "random", "@Jim Halpert?")
    post(run_sql, "pam", "general", "@Jim Halpert?")
    open_runs = "SELECT channel_id FROM runs WHERE status IN ('created', 'running')"
    assert {"random", "general"} <= {row[0] for row in run_sql(open_runs)}
    assert acting("pam").post("/api/channels/random/archive").status_code == 200
    assert "random" not in {row[0] for row in run_sql(open_runs)}
    assert "general" in {row[0] for row in run_sql(open_runs)}
    [again] = run_sql(
        "SELECT id FROM runs WHERE channel_id = 'random' AND agent_id = 'jim'"
        " ORDER BY created_at DESC LIMIT 1"
    )
    assert outcome(acting("pam").post(f"/api/runs/{again[0]}/again", json={})) == ARCHIVED


def test_its_plans_do_not_come_due(acting, url, run_sql):
    michael = acting("michael")
    due = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    plan = {"agentId": "jim", "triggerAt": due, "prompt": "Go", "targetChannelId": "random"}
    planned = michael.post("/api/scheduled", json=plan).json()["id"]
    michael.post("/api/channels/random/archive")
    run_sql("UPDATE scheduled_messages SET status = 'cancelled' WHERE id <> $1", planned)
    run_sql("UPDATE scheduled_messages SET trigger_at = now() WHERE id = $1", planned)

    async def fire():
        database = await Database.open(url)
        try:
            return await fire_due(database)
        finally:
            await database.close()

    assert complete(fire()) == 0
    [row] = run_sql("SELECT status FROM scheduled_messages WHERE id = $1", planned)
    assert row[0] == "cancelled"


def test_windows_are_told(acting):
    jim, pam = acting("jim"), acting("pam")
    with listening(jim) as stream:
        pam.post("/api/channels/random/archive")
        told = stream.until("channel.updated")[-1]
        assert (told["channel"]["id"], told["channel"]["isArchived"]) == ("random", True)
        # It is archived already, so nothing happens.
        pam.post("/api/channels/random/archive")
        pam.post("/api/channels/random/restore")
        assert "isArchived" not in stream.until("channel.updated")[-1]["channel"]


def test_a_direct_message_is_not_archived(acting):
    refused = acting("jim").post("/api/channels/dm-jim-pam/archive")
    assert outcome(refused) == (400, "dm_cannot_be_archived")
    # That there is one is nobody else's to know.
    other = acting("kevin").post("/api/channels/dm-jim-pam/archive")
    assert other.json() == acting("kevin").post("/api/channels/no-such/archive").json()


def test_owners_and_admins_archive_restore_and_delete_also_where_they_are_no_members(signed_in):
    who = {
        name: outcome(signed_in(name).post("/api/channels/open/archive"))
        for name in ("mia", "max", "gus", "gil", "bot", "art", "otto")
    }
    assert who == {
        "mia": (403, "not_permitted"),
        "max": (403, "not_permitted"),
        "gus": (403, "not_permitted"),
        "gil": (404, "channel_not_found"),
        "bot": (403, "not_permitted"),
        "art": (200, None),
        "otto": (200, None),
    }
    # A private channel of others, not even an owner.
    assert outcome(signed_in("otto").post("/api/channels/closed/archive"))[0] == 404
    assert outcome(signed_in("mia").post("/api/channels/open/restore"))[0] == 403
    assert outcome(signed_in("mia").delete("/api/channels/open"))[0] == 403
    assert outcome(signed_in("art").delete("/api/channels/open")) == (200, None)


def test_what_is_done_to_channels_is_in_the_audit_log(acting, run_sql):
    pam = acting("pam")
    pam.post("/api/channels", json={"id": "attic", "name": "attic", "kind": "public"})
    pam.post("/api/channels/attic/archive")
    pam.post("/api/channels/attic/restore")
    pam.delete("/api/channels/attic")
    rows = run_sql("SELECT actor_id, action, target_kind, target_id FROM audit_log ORDER BY id")
    verbs = ("created", "archived", "restored", "deleted")
    assert [tuple(row) for row in rows] == [
        ("pam", f"channel.{verb}", "channel", "attic") for verb in verbs
    ]
