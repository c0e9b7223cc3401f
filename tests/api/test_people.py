"""People beside agents: they join, read and write as members do, and nobody asks them to answer."""

import pytest
from tests.support.serving import serving

JOIN = "/api/people"


@pytest.fixture
def dana(acting):
    """A client of a person who has joined."""
    client = acting("michael")
    answer = client.post(JOIN, json={"displayName": "Dana Flour", "title": "Auditor"})
    assert answer.status_code == 201, answer.text
    assert answer.json()["id"] == "dana-flour"
    return client


def test_a_person_joins_by_a_name_and_acts_as_themselves(dana, acting):
    assert dana.get("/api/session").json()["userId"] == "dana-flour"
    shown = dana.get("/api/users/dana-flour").json()
    assert shown.pop("avatarColor").startswith("#")
    assert shown == {
        "id": "dana-flour",
        "displayName": "Dana Flour",
        "title": "Auditor",
        "presence": "active",
        "kind": "person",
    }
    # For everybody else they are a user, and no agent.
    jim = acting("jim")
    assert jim.get("/api/users").json()[-1]["id"] == "dana-flour"
    assert jim.get("/api/agents/dana-flour").status_code == 404
    assert {user["kind"] for user in jim.get("/api/users").json()[:-1]} == {"agent"}


def test_a_person_has_the_time_zone_that_they_join_with(acting):
    client = acting("michael")
    refused = client.post(JOIN, json={"displayName": "Dana", "timeZone": "Berlin"})
    assert (refused.status_code, refused.json()["code"]) == (400, "validation_failed")
    [detail] = refused.json()["details"]
    assert detail["loc"] == ["body", "timeZone"]
    joined = client.post(JOIN, json={"displayName": "Dana", "timeZone": "Europe/Berlin"})
    assert joined.json()["timeZone"] == "Europe/Berlin"
    assert acting("jim").get("/api/people/dana").json()["timeZone"] == "Europe/Berlin"


def test_they_are_in_the_channels_that_all_agents_are_in_and_read_no_private_one(dana):
    channels = {channel["id"]: channel for channel in dana.get("/api/channels").json()}
    joined = [name for name, channel in channels.items() if "dana-flour" in channel["memberIds"]]
    assert sorted(joined) == ["announcements", "general"]
    assert "accounting" in {c["id"] for c in dana.get("/api/channels?kind=private").json()}
    assert dana.get("/api/channels?kind=dm").json() != []


def test_what_a_person_says_is_a_message_like_others(dana, acting, run_sql):
    sent = dana.post("/api/messages", json={"channelId": "general", "text": "Hello, @Jim Halpert"})
    assert sent.status_code == 201
    message = sent.json()
    assert message["userId"] == "dana-flour"
    pam = acting("pam")
    reacted = pam.post(f"/api/messages/{message['id']}/reactions", json={"emoji": "👋"})
    assert reacted.json()["reactions"] == [{"emoji": "👋", "userIds": ["pam"]}]
    found = pam.get("/api/search", params={"q": "from:dana-flour hello"})
    assert [hit["message"]["id"] for hit in found.json()["hits"]] == [message["id"]]


def test_a_person_is_mentioned_and_never_asked(dana, acting, run_sql):
    jim = acting("jim")
    sent = jim.post("/api/messages", json={"channelId": "general", "text": "Ask @Dana Flour."})
    assert sent.status_code == 201
    asked = run_sql("SELECT agent_id FROM runs WHERE trigger_message_id = $1", sent.json()["id"])
    assert "dana-flour" not in {row[0] for row in asked}


def test_nobody_takes_an_id_or_a_name_twice(dana, acting):
    jim = acting("jim")
    again = jim.post(JOIN, json={"displayName": "Dana Flour"})
    assert (again.status_code, again.json()["code"]) == (409, "name_taken")
    # The first letter of this one is Cyrillic.
    mixed = jim.post(JOIN, json={"displayName": "\u041cichael Scott"})
    assert (mixed.status_code, mixed.json()["code"]) == (400, "validation_failed")
    looks_alike = jim.post(JOIN, json={"displayName": "michael sc0tt"})
    assert (looks_alike.status_code, looks_alike.json()["code"]) == (409, "name_taken")
    agent = {
        "id": "dana-flour",
        "displayName": "Dana",
        "title": "Double",
        "avatarColor": "#123456",
        "systemPrompt": "You are Dana.",
    }
    taken = jim.post("/api/agents", json=agent)
    assert (taken.status_code, taken.json()["code"]) == (409, "id_taken")
    reserved = jim.post(JOIN, json={"displayName": "everyone"})
    assert reserved.status_code == 400


def test_the_database_itself_gives_no_id_twice(url, run_sql):
    with pytest.raises(Exception, match="pk_users"):
        run_sql(
            "INSERT INTO people (id, display_name, avatar_color) VALUES ('jim', 'J', '#000000')"
        )


def test_a_name_in_another_script_gets_an_id_as_well(acting):
    made = [
        acting("jim").post(JOIN, json={"displayName": name}).json()["id"]
        for name in ("木村", "Олена", "Zoë Ångström")
    ]
    assert made == ["person", "person-2", "zoe-angstrom"]


def test_what_a_person_says_asks_agents(url, run_sql):
    with serving(url, agents=True) as served, served.client("michael") as client:
        assert client.post(JOIN, json={"displayName": "Dana Flour"}).status_code == 201
        body = {"channelId": "general", "text": "@pam, are you there?"}
        sent = client.post("/api/messages", json=body)
        assert (sent.status_code, sent.json()["userId"]) == (201, "dana-flour")
    asked = run_sql(
        "SELECT r.agent_id, d.started_by FROM runs r JOIN run_details d ON d.run_id = r.id"
        " WHERE r.trigger_message_id = $1 AND r.agent_id = 'pam'",
        sent.json()["id"],
    )
    assert [tuple(row) for row in asked] == [("pam", "dana-flour")]
