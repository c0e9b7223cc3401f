"""What guests read, see and are told: only what they are a member of, by every route and stream."""

from tests.support.streams import listening

SECRET = "The vault code is 1234"


def outcome(answer):
    return answer.status_code, answer.json().get("code") if answer.is_error else None


def ids(answer):
    assert answer.status_code == 200, answer.text
    return {one["id"] for one in answer.json()}


def test_a_guest_reads_public_channels_only_as_their_member(signed_in):
    gus, gil, otto = signed_in("gus"), signed_in("gil"), signed_in("otto")
    assert ids(gus.get("/api/channels")) == {"open", "closed", "dm-mia-gus"}
    assert ids(gil.get("/api/channels")) == {"square", "corner", "dm-max-gil"}
    assert ids(otto.get("/api/channels")) == {"open", "square", "agents", "dm-bot-rob"}
    said = otto.post("/api/messages", json={"channelId": "square", "text": SECRET})
    path = f"/api/messages/{said.json()['id']}"
    assert gil.get(path).json()["text"] == SECRET
    nothing = gus.get("/api/messages/00000000-0000-4000-8000-000000000000")
    assert (gus.get(path).status_code, gus.get(path).content) == (404, nothing.content)
    found = gus.get("/api/search", params={"q": "vault"})
    assert found.json()["hits"] == []


def test_a_guest_sees_those_whom_they_share_a_channel_with_and_authors_there(signed_in):
    gil, max_ = signed_in("gil"), signed_in("max")
    assert ids(gil.get("/api/users")) == {"otto", "art", "max", "rob", "gil"}
    assert gil.get("/api/users/max").status_code == 200
    for path in ("/api/users/", "/api/people/", "/api/agents/"):
        unknown = gil.get(f"{path}nobody")
        for hidden in ("mia", "bot"):
            answer = gil.get(path + hidden)
            assert (answer.status_code, answer.content) == (404, unknown.content)
    by_name = gil.get("/api/search", params={"q": "from:mia"}).json()["notes"]
    assert by_name == ["No member has the id or name “mia”."]
    # Somebody who wrote and left is still the author of what is there.
    max_.post("/api/messages", json={"channelId": "square", "text": "Bye"})
    for channel in ("square", "corner"):
        assert max_.delete(f"/api/channels/{channel}/members/max").status_code == 200
    assert "max" in ids(gil.get("/api/users"))


def test_a_guest_opens_direct_messages_only_with_those_whom_they_see(signed_in):
    gil = signed_in("gil")
    dm = {"id": "dm-new", "name": "dm", "kind": "dm"}
    unseen = gil.post("/api/channels", json=dm | {"memberIds": ["gil", "mia"]})
    nobody = gil.post("/api/channels", json=dm | {"memberIds": ["gil", "nobody"]})
    assert outcome(unseen) == outcome(nobody) == (400, "unknown_member")
    assert unseen.json()["error"].replace("mia", "nobody") == nobody.json()["error"]
    made = gil.post("/api/channels", json=dm | {"memberIds": ["gil", "otto"]})
    assert outcome(made) == (201, None)
    group = {"id": "group", "name": "group", "kind": "group_dm"}
    some = gil.post("/api/channels", json=group | {"memberIds": ["gil", "otto", "mia"]})
    assert outcome(some) == (400, "unknown_member")
    made = gil.post("/api/channels", json=group | {"memberIds": ["gil", "otto", "max"]})
    assert outcome(made) == (201, None)


def test_a_guest_sees_nothing_of_what_agents_remember_and_plan(signed_in, run_staffed):
    mia, gus = signed_in("mia"), signed_in("gus")
    assert mia.put("/api/agents/bot/memory/notes", json={"content": SECRET}).status_code == 200
    plan = {"agentId": "bot", "triggerAt": "2999-01-01T00:00:00Z", "prompt": SECRET}
    planned = mia.post("/api/scheduled", json=plan).json()["id"]
    paths = [
        "/api/agents",
        "/api/agents/bot",
        "/api/agents/bot/memory",
        "/api/agents/bot/memory/notes/versions",
        "/api/agents/bot/archival",
        "/api/agents/bot/notes",
        "/api/agents/bot/prompt",
        "/api/scheduled",
        "/api/recurring",
        "/api/budgets",
        "/api/providers",
        "/api/people",
        "/api/audit",
        "/api/audit/export",
    ]
    refused = {path: outcome(gus.get(path)) for path in paths}
    assert refused == dict.fromkeys(paths, (403, "not_permitted"))
    assert outcome(gus.delete(f"/api/scheduled/{planned}"))[0] == 404
    # Runs that are in no channel.
    run_staffed("INSERT INTO runs (id, agent_id) VALUES (gen_random_uuid(), 'bot')")
    assert len(mia.get("/api/runs").json()) == 1
    assert gus.get("/api/runs").json() == []


def test_a_guests_stream_has_nothing_of_channels_and_users_beyond_theirs(signed_in):
    gus, otto, mia = signed_in("gus"), signed_in("otto"), signed_in("mia")
    start = int(gus.get("/api/unreads").headers["x-event-id"])
    with listening(gus, start) as live:
        otto.post("/api/messages", json={"channelId": "square", "text": SECRET})
        otto.put("/api/users/otto/presence", json={"presence": "away"})
        mia.put("/api/agents/bot/memory/notes", json={"content": SECRET})
        mia.put("/api/users/mia/presence", json={"presence": "away"})
        mia.post("/api/messages", json={"channelId": "closed", "text": "The end"})
        told = live.until("message.created")
    with listening(gus, start) as later:
        missed = later.until("message.created")
    for events in (told, missed):
        kinds = [event["type"] for event in events if event["type"] != "hello"]
        assert kinds == ["user.changed", "message.created"]
        assert events[-1]["message"]["text"] == "The end"


def test_a_guest_who_is_added_and_removed_begins_anew(signed_in):
    gus, otto = signed_in("gus"), signed_in("otto")
    with listening(gus) as live:
        assert otto.post("/api/channels/square/members", json={"userId": "gus"}).status_code == 201
        added = live.until("reset")
        assert [e["type"] for e in added if e["type"] != "hello"] == ["member.added", "reset"]
        assert otto.delete("/api/channels/square/members/gus").status_code == 200
        assert live.until("reset")[-2]["type"] == "member.removed"
        otto.post("/api/messages", json={"channelId": "square", "text": SECRET})
        mia = signed_in("mia")
        mia.post("/api/messages", json={"channelId": "closed", "text": "The end"})
        assert [e["type"] for e in live.until("message.created")] == ["message.created"]


def test_a_guest_is_told_of_who_comes_into_their_channel(signed_in):
    gus = signed_in("gus")
    with listening(gus) as live:
        signed_in("max").post("/api/channels/open/members", json={"userId": "max"})
        told = live.until("user.changed")
    assert (told[-1]["user"]["id"], told[-2]["type"]) == ("max", "member.added")


def test_administrators_read_what_only_agents_have_said_and_nothing_of_people(signed_in):
    bot, otto, mia = signed_in("bot"), signed_in("otto"), signed_in("mia")
    with listening(otto) as live:
        bot.post("/api/messages", json={"channelId": "agents", "text": "Among us"})
        assert live.until("message.created")[-1]["message"]["text"] == "Among us"
    assert otto.get("/api/channels/agents/messages").json()[-1]["text"] == "Among us"
    assert outcome(mia.get("/api/channels/agents"))[0] == 404
    # Reading is all: they are no members.
    assert outcome(otto.post("/api/messages", json={"channelId": "agents", "text": "?"})) == (
        404,
        "channel_not_found",
    )
    # What a person has said in a channel stays theirs when only agents are left.
    mia.post("/api/messages", json={"channelId": "closed", "text": SECRET})
    for who in ("olga", "ada", "gus", "mia"):
        signed_in(who).delete(f"/api/channels/closed/members/{who}")
    assert bot.get("/api/channels/closed").json()["memberIds"] == ["bot"]
    assert outcome(otto.get("/api/channels/closed")) == (404, "channel_not_found")
